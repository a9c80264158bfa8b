//! An organization as tests find it: a member of each role with an access token, and keys.

use std::collections::BTreeMap;

use signoff_app::{
    App, Caller, Command, Error,
    identity::{CreateKey, CreateOrganization, CreateToken},
};
use signoff_domain::{
    Moment,
    credential::CredentialKind,
    id::{MemberId, OrganizationId},
    member::{Member, MemberState},
    permission::{Role, Scope},
};
use signoff_store::{Tx, members};

use crate::Who;

/// A member with an access token.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their id, as it is written.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their access token, as what requests are made with.
    pub token: Who,
}

/// An organization with members and keys.
#[derive(Debug, Clone)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// A member of the role owner.
    pub owner: Person,
    /// A member of the role admin.
    pub admin: Person,
    /// A member of the role reviewer.
    pub reviewer: Person,
    /// Another member of the role reviewer.
    pub second: Person,
    /// A member of the role auditor.
    pub auditor: Person,
    /// A key with the scopes that a key has by itself.
    pub agent: Who,
    /// A key of each scope alone.
    keys: BTreeMap<&'static str, Who>,
}

impl Organization {
    /// A key that has this scope and no other.
    #[must_use]
    pub fn key(&self, scope: &str) -> &Who {
        &self.keys[scope]
    }

    /// A key that has every scope but this one.
    #[must_use]
    pub fn key_without(&self, scope: &str) -> &Who {
        &self.keys[format!("-{scope}").as_str()]
    }

    /// Makes one in an application.
    pub(crate) async fn make(app: &App, name: &str) -> Self {
        let random = std::iter::repeat_with(|| app.random()).take(64).collect();
        app.write(Make { name: name.into(), moment: app.moment(), random }).await.unwrap()
    }
}

/// What each scope's key without it is called.
const WITHOUT: [(Scope, &str); 8] = [
    (Scope::TaskSubmit, "-task:submit"),
    (Scope::TaskRead, "-task:read"),
    (Scope::TaskCancel, "-task:cancel"),
    (Scope::QueueRead, "-queue:read"),
    (Scope::QueueWrite, "-queue:write"),
    (Scope::ReviewRead, "-review:read"),
    (Scope::EventRead, "-event:read"),
    (Scope::AuditRead, "-audit:read"),
];

/// Makes the organization in one transaction, without the passwords that invitations would cost.
struct Make {
    name: String,
    moment: Moment,
    random: Vec<[u8; 32]>,
}

impl Command for Make {
    type Out = Organization;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Organization, Error> {
        let mut random = self.random.iter().copied();
        let mut draw = || random.next().unwrap();
        let email = |role: &str| format!("{role}@{}.example", self.name.to_lowercase());
        let made = CreateOrganization {
            moment: Moment::new(self.moment.now, draw()),
            name: self.name.clone(),
            email: email("owner"),
            owner: "Olga Owner".into(),
            host: "signoff.example".into(),
            log_seed: draw(),
            secret: format!("link of {}", self.name),
            only_first: false,
        };
        let created = made.run(tx).await?.unwrap();
        let id = created.organization.id;
        let mut ids = self.moment.ids();
        let mut people = vec![self.person(tx, &created.owner, draw(), draw()).await?];
        for (role, word, name) in [
            (Role::Admin, "admin", "Ada Admin"),
            (Role::Reviewer, "reviewer", "Rita Reviewer"),
            (Role::Reviewer, "second", "Sam Second"),
            (Role::Auditor, "auditor", "Axel Auditor"),
        ] {
            let member = Member {
                id: ids.draw::<MemberId>(),
                organization_id: id,
                email: email(word),
                name: name.into(),
                role,
                state: MemberState::Active,
                created_at: self.moment.now,
                last_seen_at: None,
            };
            members::insert(tx, &member, None).await?;
            people.push(self.person(tx, &member, draw(), draw()).await?);
        }
        let agent = self.key(tx, id, "agent", Scope::DEFAULT.to_vec(), draw(), draw()).await?;
        let mut keys = BTreeMap::new();
        for (scope, without) in WITHOUT {
            keys.insert(scope.as_str(), self.key(tx, id, scope.as_str(), vec![scope], draw(), draw()).await?);
            let others = Scope::ALL.into_iter().filter(|other| *other != scope).collect();
            keys.insert(without, self.key(tx, id, without, others, draw(), draw()).await?);
        }
        let mut people = people.into_iter();
        let mut next = || people.next().unwrap();
        Ok(Organization { id, owner: next(), admin: next(), reviewer: next(), second: next(), auditor: next(), agent, keys })
    }
}

impl Make {
    async fn person(&self, tx: &mut Tx<'_>, member: &Member, seed: [u8; 32], random: [u8; 32]) -> Result<Person, Error> {
        let command = CreateToken {
            caller: Caller::operator(member.organization_id),
            member: Some(member.id),
            moment: Moment::new(self.moment.now, seed),
            name: "test".into(),
            expires_in_days: None,
            random,
        };
        let (_, token) = command.run(tx).await?;
        Ok(Person { id: member.id.to_string(), name: member.name.clone(), email: member.email.clone(), token: Who::Bearer(token) })
    }

    async fn key(
        &self,
        tx: &mut Tx<'_>,
        organization: OrganizationId,
        name: &str,
        scopes: Vec<Scope>,
        seed: [u8; 32],
        random: [u8; 32],
    ) -> Result<Who, Error> {
        let command = CreateKey {
            caller: Caller::operator(organization),
            moment: Moment::new(self.moment.now, seed),
            name: name.into(),
            scopes,
            queue_keys: None,
            kind: CredentialKind::LiveKey,
            expires_in_days: None,
            random,
        };
        Ok(Who::Bearer(command.run(tx).await?.1))
    }
}
