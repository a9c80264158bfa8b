//! Batches.

use signoff_domain::{
    batch::Batch,
    id::{BatchId, OrganizationId},
};

use crate::{Arg, Error, Row, Tx};

crate::sql::statements! {
    INSERT = "INSERT INTO batches (id, organization_id, queue_id, items, created_at) VALUES ($1, $2, $3, $4, $5)";
    GET = "SELECT b.id, b.organization_id, b.queue_id, q.key, b.items, b.created_at FROM batches b JOIN queues q ON q.id = b.queue_id \
        WHERE b.organization_id = $1 AND b.id = $2";
}

fn read(row: &Row<'_>) -> Result<Batch, Error> {
    Ok(Batch {
        id: row.id(0)?,
        organization_id: row.id(1)?,
        queue_id: row.id(2)?,
        queue_key: row.get(3)?,
        items: row.json(4)?,
        created_at: row.get(5)?,
    })
}

/// Adds a batch.
///
/// # Errors
/// A fault.
pub async fn insert(tx: &mut Tx<'_>, batch: &Batch) -> Result<(), Error> {
    let args = [batch.id.into(), batch.organization_id.into(), batch.queue_id.into(), Arg::json(&batch.items)?, batch.created_at.into()];
    tx.exec(&INSERT, &args).await?;
    Ok(())
}

/// A batch.
///
/// # Errors
/// A fault.
pub async fn get(tx: &mut Tx<'_>, organization: OrganizationId, id: BatchId) -> Result<Option<Batch>, Error> {
    tx.opt(&GET, &[organization.into(), id.into()], read).await
}
