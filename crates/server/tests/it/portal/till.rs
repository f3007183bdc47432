//! Vouchers and hotspots in memory, with the answers that the portal is promised.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use async_trait::async_trait;
use operations::{
    AdmissionError, AdmittedDevice, HostSought, HotspotDevice, HotspotHost, OperationError,
    RouterCommandError, StandsHow, VoucherOwner, VoucherStanding, VoucherStop,
};
use server::PortalDesk;
use store::{NasId, RateLimit};
use tokio::sync::Notify;

pub(super) const MINUTE: u64 = 60_000_000;
const TOWER: NasId = NasId(3);

/// A voucher; the devices that are in or were, by their key.
#[derive(Clone, Debug, Default)]
pub(super) struct Voucher {
    pub(super) devices: usize,
    pub(super) left_us: Option<u64>,
    pub(super) left_octets: Option<u64>,
    pub(super) is_over: bool,
    /// Why, for who was in with it.
    pub(super) stop: Option<VoucherStop>,
    pub(super) known: BTreeMap<String, String>,
    pub(super) online: Vec<String>,
}

#[derive(Default)]
pub(super) struct Till {
    pub(super) vouchers: Mutex<BTreeMap<String, Voucher>>,
    pub(super) hosts: Mutex<Vec<HotspotHost>>,
    /// Devices that the router has forgotten, and the books have not.
    pub(super) forgotten: Mutex<Vec<String>>,
    /// The router does not answer.
    pub(super) is_away: AtomicBool,
    /// Looking for devices on this router waits until it is told to go on.
    pub(super) slow_router: Mutex<Option<String>>,
    /// So many do.
    pub(super) waiting: AtomicUsize,
    /// What the router says where it lets nobody in.
    pub(super) says: Mutex<Option<String>>,
    /// Letting in waits until it is told to go on.
    pub(super) is_slow: AtomicBool,
    pub(super) go_on: Notify,
    keys: Mutex<u32>,
}

impl Till {
    pub(super) fn add(&self, code: &str, devices: usize, minutes: u64) {
        let voucher = Voucher { devices, left_us: Some(minutes * MINUTE), ..Voucher::default() };
        self.vouchers.lock().unwrap().insert(code.to_owned(), voucher);
    }

    pub(super) fn change(&self, code: &str, change: impl FnOnce(&mut Voucher)) {
        change(self.vouchers.lock().unwrap().get_mut(code).unwrap());
    }

    /// A device in sight of the hotspot of router `tower`.
    pub(super) fn sees(&self, mac: &str, address: &str) {
        let bytes = |text: &str| text.as_bytes().to_vec();
        let (address, to_address) = (bytes(address), bytes(address));
        let host = HotspotHost { mac: bytes(mac), address, to_address, authorized: false, bypassed: false };
        self.hosts.lock().unwrap().push(host);
    }

    pub(super) fn is_in(&self, mac: &str) -> bool {
        self.vouchers
            .lock()
            .unwrap()
            .values()
            .any(|voucher| voucher.online.iter().any(|online| online == mac))
    }

    /// As the router shows it, whatever the books have.
    fn lets_through(&self, mac: &[u8]) -> bool {
        let mac = std::str::from_utf8(mac).unwrap();
        self.is_in(mac) && !self.forgotten.lock().unwrap().iter().any(|one| one == mac)
    }

    fn check(&self) -> Result<(), RouterCommandError> {
        if self.is_away.load(Ordering::SeqCst) { Err(RouterCommandError::TimedOut) } else { Ok(()) }
    }

    /// In the router's words; those that begin with `fault` are a fault of the program.
    fn say(&self) -> Result<(), RouterCommandError> {
        let said = self.says.lock().unwrap().clone();
        assert!(!said.iter().any(|words| words.starts_with("fault")), "{}", said.unwrap());
        said.map_or(Ok(()), |words| Err(RouterCommandError::Refused(words)))
    }

    fn new_key(&self) -> String {
        let mut keys = self.keys.lock().unwrap();
        *keys += 1;
        format!("key-{keys:0>39}")
    }

    fn standing(
        &self,
        of: impl Fn(&str, &Voucher) -> bool,
        active: impl Fn(&Voucher) -> bool,
    ) -> Option<VoucherStanding> {
        let vouchers = self.vouchers.lock().unwrap();
        let (_, voucher) = vouchers.iter().find(|(code, voucher)| of(code, voucher))?;
        let is_active = !voucher.is_over && active(voucher);
        Some(VoucherStanding {
            active: is_active,
            how: if is_active { StandsHow::Online } else { StandsHow::Away },
            as_of: None,
            left_us: voucher.left_us,
            left_octets: voucher.left_octets,
            rate: RateLimit { up_bps: None, down_bps: None },
        })
    }

    fn let_in(&self, code: &str, mac: &str, key: Option<&str>) -> Result<AdmittedDevice, AdmissionError> {
        let new_key = self.new_key();
        let mut vouchers = self.vouchers.lock().unwrap();
        let voucher = vouchers.get_mut(code).filter(|voucher| !voucher.is_over);
        let voucher = voucher.ok_or(AdmissionError::InvalidCode)?;
        let already = voucher.online.iter().any(|online| online == mac);
        if !already && voucher.online.len() >= voucher.devices {
            return Err(AdmissionError::AlreadyUsed);
        }
        let kept = key.filter(|key| voucher.known.get(*key).is_some_and(|known| known == mac));
        let proof = kept.map_or(new_key, str::to_owned);
        voucher.known.insert(proof.clone(), mac.to_owned());
        self.forgotten.lock().unwrap().retain(|one| one != mac);
        if !already {
            voucher.online.push(mac.to_owned());
        }
        Ok(AdmittedDevice { already, proof, left_us: voucher.left_us, left_octets: voucher.left_octets })
    }
}

#[async_trait]
impl PortalDesk for Till {
    async fn hosts(
        &self,
        router: &str,
        sought: HostSought,
    ) -> Result<Option<(NasId, Vec<HotspotHost>)>, OperationError> {
        self.check()?;
        if self.slow_router.lock().unwrap().as_deref() == Some(router) {
            let told = self.go_on.notified();
            self.waiting.fetch_add(1, Ordering::SeqCst);
            told.await;
        }
        let hosts = self.hosts.lock().unwrap().clone();
        let hosts = hosts.into_iter().filter(|host| {
            sought.mac.as_ref().is_none_or(|mac| host.mac == *mac)
                && sought.address.as_ref().is_none_or(|address| host.address == *address)
        });
        let hosts =
            hosts.map(|host| HotspotHost { authorized: self.lets_through(&host.mac), ..host }).collect();
        Ok((router == "tower").then_some((TOWER, hosts)))
    }

    async fn activate(
        &self,
        code: &str,
        device: HotspotDevice,
        proof: Option<&str>,
    ) -> Result<AdmittedDevice, AdmissionError> {
        assert_eq!(device.nas, TOWER);
        self.check().map_err(AdmissionError::Router)?;
        self.say().map_err(AdmissionError::Router)?;
        if self.is_slow.load(Ordering::SeqCst) {
            self.go_on.notified().await;
        }
        self.let_in(code, &device.mac, proof)
    }

    async fn move_here(&self, proof: &str, device: HotspotDevice) -> Result<AdmittedDevice, AdmissionError> {
        self.check().map_err(AdmissionError::Router)?;
        let code = {
            let mut vouchers = self.vouchers.lock().unwrap();
            let found = vouchers.iter_mut().find(|(_, voucher)| voucher.known.contains_key(proof));
            let (code, voucher) = found.ok_or(AdmissionError::InvalidCode)?;
            if let Some(stop) = voucher.stop {
                return Err(AdmissionError::Stopped(stop));
            }
            let before = voucher.known.get(proof);
            voucher.online.retain(|online| Some(online) != before);
            code.clone()
        };
        self.say().map_err(AdmissionError::Router)?;
        self.change(&code, |voucher| _ = voucher.known.insert(proof.to_owned(), device.mac.clone()));
        self.let_in(&code, &device.mac, Some(proof))
    }

    async fn by_code(&self, code: &str) -> Result<Option<VoucherStanding>, OperationError> {
        self.say()?;
        Ok(self.standing(|known, _| known == code, |voucher| !voucher.online.is_empty()))
    }

    async fn by_device(&self, nas: NasId, mac: &str) -> Result<Option<VoucherStanding>, OperationError> {
        assert_eq!(nas, TOWER);
        self.say()?;
        let is_in = |voucher: &Voucher| voucher.online.iter().any(|online| online == mac);
        Ok(self.standing(|_, voucher| is_in(voucher), is_in))
    }

    async fn by_proof(&self, proof: &str) -> Result<Option<VoucherStanding>, OperationError> {
        let is_in =
            |voucher: &Voucher| voucher.known.get(proof).is_some_and(|mac| voucher.online.contains(mac));
        let good = |voucher: &Voucher| is_in(voucher) || voucher.online.len() < voucher.devices;
        Ok(self.standing(|_, voucher| voucher.known.contains_key(proof) && good(voucher), is_in))
    }

    async fn stop(
        &self,
        proof: Option<&str>,
        device: Option<(NasId, &str)>,
    ) -> Result<Option<VoucherStop>, OperationError> {
        let is_its = |(key, mac): (&String, &String)| {
            Some(&**key) == proof || device.is_some_and(|(_, device)| device == mac)
        };
        let vouchers = self.vouchers.lock().unwrap();
        Ok(vouchers
            .values()
            .find(|voucher| voucher.known.iter().any(is_its))
            .and_then(|voucher| voucher.stop))
    }

    async fn router_name(&self, nas: NasId) -> Result<Option<String>, OperationError> {
        Ok((nas == TOWER).then(|| "tower".to_owned()))
    }

    async fn end(&self, owner: VoucherOwner<'_>) -> Result<(), AdmissionError> {
        self.check().map_err(AdmissionError::Router)?;
        let mut vouchers = self.vouchers.lock().unwrap();
        match owner {
            VoucherOwner::Code(code) => {
                let voucher = vouchers.get_mut(code).ok_or(AdmissionError::InvalidCode)?;
                voucher.online.clear();
            }
            VoucherOwner::Proof(proof) => {
                let voucher = vouchers.values_mut().find(|voucher| voucher.known.contains_key(proof));
                let voucher = voucher.ok_or(AdmissionError::InvalidCode)?;
                let mac = voucher.known.get(proof).cloned();
                voucher.online.retain(|online| Some(online) != mac.as_ref());
            }
        }
        Ok(())
    }
}
