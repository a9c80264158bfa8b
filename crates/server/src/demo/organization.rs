//! The sample organization: its document is applied over the API, its reviewers accept their invitations, and whoever starts the demo gets a login link.

use anyhow::Context;
use signoff_app::{
    App, Caller,
    identity::{CreateToken, ListOrganizations, LoginLinkFor},
};
use signoff_client::{Client, Options};
use signoff_wire::{
    apply::{Apply, Document},
    people::AcceptInvitation,
};

/// What the sample organization is made of.
const SAMPLE: &str = include_str!("../../sample/signoff.yaml");
/// What the token is called under which all this is done.
const TOKEN: &str = "demo";

/// A scene that is set.
pub(super) struct Ready {
    /// The API as the owner.
    pub(super) owner: Client,
    /// Logs the owner in, once.
    pub(super) login_link: String,
}

/// The sample document.
fn sample() -> anyhow::Result<Document> {
    serde_saphyr::from_str(SAMPLE).context("the sample organization cannot be read")
}

/// Makes the organization what the sample says. Doing so again changes nothing but the login link.
pub(super) async fn prepare(app: &App, anybody: &Client) -> anyhow::Result<Ready> {
    let organization_id = app.read(ListOrganizations).await?.first().context("there is no organization")?.id;
    let secret = app.secret();
    let link = LoginLinkFor { email: None, organization_id, secret: secret.clone(), moment: app.moment() };
    let owner = app.write(link).await?;
    let token = CreateToken {
        caller: Caller::operator(organization_id),
        member: Some(owner.id),
        moment: app.moment(),
        name: TOKEN.into(),
        expires_in_days: Some(1),
        random: app.random(),
    };
    let (_, token) = app.write(token).await?;
    let url = anybody.url();
    let owner = Client::new(Options::new(url).credential(token))?;
    let document = sample()?;
    let names: Vec<_> = document.members.iter().map(|member| (format!("member/{}", member.email), member.name.clone())).collect();
    for change in owner.apply(&Apply { document, dry_run: false }).await? {
        let name = names.iter().find(|(to, _)| *to == change.to).and_then(|(_, name)| name.clone());
        let token = change.link.as_deref().and_then(|link| link.split_once('#')).map(|(_, token)| token.to_owned());
        if let (Some(name), Some(token)) = (name, token) {
            // Nobody knows this password: `signoff login-link --email …` lets them in.
            anybody.accept_invitation(&AcceptInvitation { token, name, password: app.secret() }).await?;
        }
    }
    Ok(Ready { owner, login_link: format!("{url}/app/link#{secret}") })
}

/// Ends the tokens under which demos were set up, the one of this client last.
pub(super) async fn retire(owner: &Client) -> anyhow::Result<()> {
    let tokens = owner.tokens(None).await?.items;
    let mut ours: Vec<_> = tokens.into_iter().filter(|token| token.name == TOKEN && token.revoked_at.is_none()).collect();
    // Newest first, and the newest is the one that asks.
    ours.reverse();
    for token in ours {
        owner.revoke_token(&token.id).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use signoff_wire::queue::ReviewType;

    use super::*;

    #[test]
    fn the_sample_has_queues_of_all_review_types() {
        let document = sample().unwrap();
        let types = [
            ReviewType::Approval,
            ReviewType::Classification,
            ReviewType::Labeling,
            ReviewType::Scoring,
            ReviewType::MultipleChoice,
            ReviewType::Augmentation,
        ];
        for review_type in types {
            assert!(document.queues.iter().any(|queue| queue.review_type == review_type), "{review_type:?}");
        }
        assert!(document.members.iter().filter(|member| member.role == "reviewer").count() >= 2);
    }
}
