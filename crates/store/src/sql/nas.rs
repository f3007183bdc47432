//! Routers.

use async_trait::async_trait;

use crate::audit_repository::NewAudit;
use crate::error::StoreError;
use crate::fingerprint::Fingerprint;
use crate::ids::NasId;
use crate::nas_repository::{FileSync, FirstSight, Nas, NasPatch, NasRepository, NewNas, Resealed};
use crate::reach::Reach;

use super::database::Database;
use super::nas_rows::{self, ID_IS, NAME_IS, nas, nas_where};
use super::reach::reached;
use super::value::params;
use super::{audit, nas_file, nas_pin, nas_remove, nas_reseal, nas_update, rows};

const OF_DEVICE: &str = nas_where!("device = ?1 AND nas.id <> ?2");
const ANY: &str = nas_where!("TRUE");
const REACHED: &str = nas_where!(reached!("?1", "nas.group_id"));

#[async_trait]
impl<D: Database> NasRepository for D {
    async fn insert_nas(&self, new: NewNas, act: NewAudit) -> Result<NasId, StoreError> {
        self.transact(move |connection| {
            let id = nas_rows::insert(connection, &new, act.at)?;
            audit::append(connection, &act)?;
            Ok(id)
        })
        .await
    }

    async fn list_nas(&self) -> Result<Vec<Nas>, StoreError> {
        self.read(|connection| rows::all(connection, ANY, params![], nas)).await
    }

    async fn list_nas_within(&self, reach: Reach) -> Result<Vec<Nas>, StoreError> {
        self.read(move |connection| rows::all(connection, REACHED, params![reach.rows()], nas)).await
    }

    async fn nas_by_name(&self, name: &str) -> Result<Option<Nas>, StoreError> {
        let name = name.to_owned();
        self.read(move |connection| rows::first(connection, NAME_IS, params![name], nas)).await
    }

    async fn nas_by_id(&self, id: NasId) -> Result<Option<Nas>, StoreError> {
        self.read(move |connection| rows::first(connection, ID_IS, params![id.0], nas)).await
    }

    async fn nas_of_device(&self, device: &str, except: NasId) -> Result<Option<Nas>, StoreError> {
        let device = device.to_owned();
        self.read(move |connection| rows::first(connection, OF_DEVICE, params![device, except.0], nas)).await
    }

    async fn update_nas(&self, id: NasId, patch: NasPatch, act: NewAudit) -> Result<(), StoreError> {
        self.transact(move |connection| {
            nas_update::update(connection, id, patch, act.at)?;
            audit::append(connection, &act)
        })
        .await
    }

    async fn reseal_nas(&self, anew: Vec<Resealed>, act: NewAudit) -> Result<(), StoreError> {
        self.transact(move |connection| {
            nas_reseal::reseal(connection, &anew)?;
            audit::append(connection, &act)
        })
        .await
    }

    async fn remember_certificate(
        &self,
        first: FirstSight,
        act: NewAudit,
    ) -> Result<Fingerprint, StoreError> {
        self.transact(move |connection| nas_pin::remember(connection, &first, &act)).await
    }

    async fn remove_nas(&self, id: NasId, act: NewAudit) -> Result<(), StoreError> {
        self.transact(move |connection| {
            nas_remove::remove(connection, id, act.at)?;
            audit::append(connection, &act)
        })
        .await
    }

    async fn sync_file_nas(
        &self,
        wanted: Vec<NewNas>,
        node: String,
        act: NewAudit,
    ) -> Result<FileSync, StoreError> {
        let node = D::IS_SHARED.then_some(node);
        self.transact(move |connection| nas_file::sync(connection, &wanted, node.as_deref(), &act)).await
    }
}
