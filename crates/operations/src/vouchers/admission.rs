//! Letting devices in with a voucher: it is written down that a device is wanted, the router lets it in, its speed is limited, and
//! only then is the voucher used. Whoever is killed between two steps leaves what [`super::keeping`] mends.

use serde_json::json;
use store::{
    ClaimedVoucher, MovedVoucher, Nas, NasId, VoucherClaim, VoucherDeviceState, VoucherHolder, VoucherPhase,
};

use super::device::{AdmissionError, AdmittedDevice, HotspotDevice};
use super::finding::stored_code;
use super::login::{left_octets, voucher_login};
use super::on_router::{Admission, AdmitDevice, VoucherUser};
use crate::operations::Operations;
use crate::process_token::hash;
use crate::router_commands::RouterCommandError;

/// Where the device is, as its router writes it.
struct Place {
    nas: Nas,
    mac: String,
    address: Vec<u8>,
}

impl Operations {
    /// Lets a device in with the voucher of that code. The same device again is let in again. `proof`: what its owner got the last
    /// time, if they have it; another one takes its place else.
    ///
    /// # Errors
    /// Why it was not let in.
    pub async fn activate_voucher(
        &self,
        code: &str,
        device: HotspotDevice,
        proof: Option<&str>,
    ) -> Result<AdmittedDevice, AdmissionError> {
        let place = self.place(&device).await?;
        // From here on what is read is of the books' time now.
        self.lasting_now().await?;
        let code = stored_code(code);
        // Whoever is not there, or in already, learns nothing of codes.
        self.sees(&place).await?;
        self.is_free_for(&code, &place).await?;
        let proof = self.proof_for(&code, &place, proof).await?;
        let claim = VoucherClaim {
            code,
            nas: place.nas.id,
            mac: place.mac.clone(),
            proof: Some(hash(&proof)),
            at: self.lasting_now().await?,
            by: Some(self.node.run.clone()),
        };
        let holder = self.claim(claim).await?;
        self.let_in(place, holder, proof).await
    }

    /// Lets another device in, in the place of the one whose owner got `proof`, with what is left; the other one is put out. Where that
    /// one is out already any free place will do. The proof is good as long as the voucher, whatever becomes of its device.
    ///
    /// # Errors
    /// Why it was not let in. The other one may have lost its place all the same: proof and code let either in again.
    pub async fn move_voucher_device(
        &self,
        proof: &str,
        device: HotspotDevice,
    ) -> Result<AdmittedDevice, AdmissionError> {
        let place = self.place(&device).await?;
        // Whoever cannot be let in there keeps what they have.
        self.sees(&place).await?;
        let (code, from) = self.make_room(proof, &place).await?;
        let detail = json!({ "router": place.nas.config.name, "mac": place.mac, "from": from });
        let act = self.voucher_act("voucher.move", &code, detail).await?;
        let by = Some(self.node.run.clone());
        let moved =
            self.store.move_voucher_device(hash(proof), place.nas.id, place.mac.clone(), by, act).await?;
        match moved {
            MovedVoucher::Moved { holder, .. } => self.let_in(place, holder, proof.to_owned()).await,
            MovedVoucher::NoSuch => Err(AdmissionError::InvalidCode),
            MovedVoucher::Not(_) => Err(self.stopped(proof).await?),
            MovedVoucher::Full => Err(AdmissionError::AlreadyUsed),
            MovedVoucher::Other(_) => Err(AdmissionError::OtherVoucher),
        }
    }

    /// Why the voucher of that proof lets nobody in, or not now.
    async fn stopped(&self, proof: &str) -> Result<AdmissionError, AdmissionError> {
        let stop = self.voucher_stop(Some(proof), None).await?;
        Ok(stop.map_or(AdmissionError::InvalidCode, AdmissionError::Stopped))
    }

    /// The device that has the place now is put out first: where its router cannot be asked, two would be in. The voucher's code, and the
    /// MAC of that device.
    async fn make_room(&self, proof: &str, place: &Place) -> Result<(String, String), AdmissionError> {
        let now = self.lasting_now().await?;
        let holder = self.store.voucher_of_proof(hash(proof)).await?.ok_or(AdmissionError::InvalidCode)?;
        let VoucherHolder { issued, device } = holder;
        if !matches!(issued.voucher.phase(now), VoucherPhase::Unused | VoucherPhase::Running) {
            return Err(self.stopped(proof).await?);
        }
        let (code, id, from) = (issued.voucher.code, device.id, device.mac.clone());
        if (device.nas, &device.mac) == (place.nas.id, &place.mac) {
            return Ok((code, from));
        }
        // What would refuse the new device has to refuse it before the old one goes.
        let there = self.store.voucher_of_device(place.nas.id, place.mac.clone()).await?;
        if let Some(other) = there.filter(|holder| holder.issued.voucher.code != code) {
            let needs_place = device.state == VoucherDeviceState::Out;
            self.leave_other(other, needs_place.then_some(&*code)).await?;
        }
        if device.state == VoucherDeviceState::Out {
            return Ok((code, from));
        }
        let act = self.voucher_act("voucher.leave", &code, json!({ "mac": device.mac })).await?;
        self.store.leave_voucher_device(id, act).await?;
        self.take_off(device.nas, &[device]).await?;
        Ok((code, from))
    }

    async fn place(&self, device: &HotspotDevice) -> Result<Place, AdmissionError> {
        let (mac, address) = device.canonical()?;
        let nas = self.store.list_nas().await?.into_iter().find(|nas| nas.id == device.nas);
        let nas = nas.ok_or(AdmissionError::Router(RouterCommandError::NotPolled))?;
        Ok(Place { nas, mac, address: address.to_string().into_bytes() })
    }

    async fn sees(&self, place: &Place) -> Result<(), AdmissionError> {
        let sought = super::HostSought { mac: Some(place.mac.clone().into_bytes()), address: None };
        let hosts = self.commands.hotspot_hosts(place.nas.clone(), sought).await?;
        let is_there = hosts.iter().any(|host| host.is(place.mac.as_bytes(), &place.address));
        if is_there { Ok(()) } else { Err(AdmissionError::NotInSight) }
    }

    /// No other voucher lets the device in at this moment.
    async fn is_free_for(&self, code: &str, place: &Place) -> Result<(), AdmissionError> {
        let holder = self.store.voucher_of_device(place.nas.id, place.mac.clone()).await?;
        match holder.filter(|holder| holder.issued.voucher.code != code) {
            Some(other) if self.is_in(&other).await? => Err(AdmissionError::OtherVoucher),
            _ => Ok(()),
        }
    }

    async fn is_in(&self, holder: &VoucherHolder) -> Result<bool, AdmissionError> {
        let phase = holder.issued.voucher.phase(self.lasting_now().await?);
        let stays = holder.device.leaving_at.is_none();
        Ok(stays && (holder.device.state, phase) == (VoucherDeviceState::In, VoucherPhase::Running))
    }

    /// One that is, or was, good for this very device stays.
    async fn proof_for(
        &self,
        code: &str,
        place: &Place,
        proof: Option<&str>,
    ) -> Result<String, AdmissionError> {
        let new = || hex::encode(rand::random::<[u8; 32]>());
        let Some(text) = proof else { return Ok(new()) };
        let holder = self.store.voucher_of_proof(hash(text)).await?;
        let is_theirs = holder.is_some_and(|VoucherHolder { issued, device }| {
            issued.voucher.code == code && device.nas == place.nas.id && device.mac == place.mac
        });
        Ok(if is_theirs { text.to_owned() } else { new() })
    }

    async fn claim(&self, claim: VoucherClaim) -> Result<VoucherHolder, AdmissionError> {
        match self.store.claim_voucher(claim.clone()).await? {
            ClaimedVoucher::Device { holder, .. } => Ok(holder),
            ClaimedVoucher::NoSuch | ClaimedVoucher::Not(_) => Err(AdmissionError::InvalidCode),
            ClaimedVoucher::Full => Err(AdmissionError::AlreadyUsed),
            ClaimedVoucher::Other(other) => {
                self.leave_other(other, Some(&claim.code)).await?;
                match self.store.claim_voucher(claim).await? {
                    ClaimedVoucher::Device { holder, .. } => Ok(holder),
                    ClaimedVoucher::Other(_) => Err(AdmissionError::OtherVoucher),
                    ClaimedVoucher::Full => Err(AdmissionError::AlreadyUsed),
                    ClaimedVoucher::NoSuch | ClaimedVoucher::Not(_) => Err(AdmissionError::InvalidCode),
                }
            }
        }
    }

    /// A device has another voucher in a router's books: one that lets it in no more does not keep it from a new one. `new`: the code of
    /// that, where it needs a place for the device; without one nothing gives way.
    async fn leave_other(&self, other: VoucherHolder, new: Option<&str>) -> Result<(), AdmissionError> {
        if self.is_in(&other).await? {
            return Err(AdmissionError::OtherVoucher);
        }
        match new {
            Some(code) if !self.has_place(code, &other.device.mac).await? => {
                return Err(AdmissionError::AlreadyUsed);
            }
            Some(_) | None => {}
        }
        let VoucherHolder { issued, device } = other;
        let code = issued.voucher.code;
        let act = self.voucher_act("voucher.leave", &code, json!({ "mac": device.mac })).await?;
        self.store.leave_voucher_device(device.id, act).await?;
        self.see_off(&code, vec![device]).await
    }

    /// The device is wanted: the router, its speed, and then the books.
    async fn let_in(
        &self,
        Place { nas, address, .. }: Place,
        holder: VoucherHolder,
        proof: String,
    ) -> Result<AdmittedDevice, AdmissionError> {
        let moved = match self.moved_until_now(&nas, &holder).await {
            Ok(moved) => moved,
            Err(error) => {
                self.take_back(&holder).await;
                return Err(error);
            }
        };
        let who =
            voucher_login(&holder, moved, self.lasting_now().await?).ok_or(AdmissionError::InvalidCode)?;
        let admission = self.commands.admit_device(nas.clone(), AdmitDevice { who, address }).await;
        let (already, since, commands) = match admission {
            Ok(Admission::In { already, uptime_s, commands }) => {
                (already, self.lasting_now().await?.minus_seconds(uptime_s), commands)
            }
            Ok(Admission::NotInSight) => {
                self.take_back(&holder).await;
                return Err(AdmissionError::NotInSight);
            }
            Err(error) => {
                if !matches!(error, RouterCommandError::Unknown(_) | RouterCommandError::TimedOut) {
                    self.take_back(&holder).await;
                }
                return Err(error.into());
            }
        };
        match self.limit_voucher_device(&nas, &holder).await {
            // Whoever is in for long and presses once more is not put out for a queue that somebody took away.
            Err(error) if holder.device.state == VoucherDeviceState::In => {
                tracing::warn!(%error, "a device that is in cannot be limited as its voucher says")
            }
            // It may be limited by now: whoever has the router finds out, and the voucher is used then.
            Err(unknown @ AdmissionError::Router(RouterCommandError::Unknown(_))) => return Err(unknown),
            Err(refused) => {
                self.give_up(holder).await;
                return Err(refused);
            }
            Ok(()) => {}
        }
        let code = &holder.issued.voucher.code;
        let detail = json!({ "router": nas.config.name, "mac": holder.device.mac, "commands": commands });
        let act = self.voucher_act("voucher.activate", code, detail).await?;
        let completed = self.store.complete_voucher_device(holder.device.id, since, act).await?;
        let completed = completed.ok_or(AdmissionError::InvalidCode)?;
        if completed.device.proof != Some(hash(&proof)) {
            self.store.tell_voucher_proof(completed.device.id, hash(&proof)).await?;
        }
        let left_us =
            completed.issued.voucher.left_us(&completed.issued.issue.terms, self.lasting_now().await?);
        Ok(AdmittedDevice { already, proof, left_us, left_octets: left_octets(&completed, moved) })
    }

    /// What a login moved after the last look at it is told by the row of its user (routeros.md U5), which is made anew for the next one:
    /// so the voucher's users are looked at first where some of its data may be gone.
    async fn moved_until_now(&self, nas: &Nas, holder: &VoucherHolder) -> Result<u64, AdmissionError> {
        let usage = self.usage_of(&holder.issued).await?;
        if usage.as_of.is_none() {
            return Ok(usage.moved);
        }
        let users = self.users_at(nas.id, holder).await?;
        self.commands.look_at_voucher_users(nas.clone(), users).await?;
        Ok(self.usage_of(&holder.issued).await?.moved)
    }

    /// The hotspot users of the voucher's live devices at that router.
    async fn users_at(&self, nas: NasId, holder: &VoucherHolder) -> Result<Vec<VoucherUser>, AdmissionError> {
        let code = holder.issued.voucher.code.clone();
        let devices = self.store.voucher_by_code(code).await?.map(|(_, devices)| devices).unwrap_or_default();
        let live =
            devices.into_iter().filter(|device| device.nas == nas && device.state != VoucherDeviceState::Out);
        Ok(live.map(|device| VoucherUser { login: device.login, mac: device.mac.into_bytes() }).collect())
    }

    /// It is in, and is not to be: it keeps its place until the router showed it off.
    async fn give_up(&self, holder: VoucherHolder) {
        let VoucherHolder { issued, device } = holder;
        let left = async {
            let act =
                self.voucher_act("voucher.leave", &issued.voucher.code, json!({ "mac": device.mac })).await?;
            self.store.leave_voucher_device(device.id, act).await?;
            self.see_off(&issued.voucher.code, vec![device]).await
        };
        if let Err(error) = left.await {
            tracing::warn!(%error, "a device that was not let in is taken off as soon as can be");
        }
    }

    /// It was not let in. Whatever of it is on the router is taken off by whoever has that; if this cannot be written, it is found out
    /// a minute later.
    async fn take_back(&self, holder: &VoucherHolder) {
        if let Err(error) = self.store.take_back_voucher_device(holder.device.id).await {
            tracing::warn!(%error, "a device that was not let in is forgotten a minute later");
        }
    }
}
