//! What handlers share.

use std::sync::Arc;

use axum::extract::FromRef;
use signoff_app::App;
use tokio::sync::watch;

use crate::Metrics;

/// What is set for the face as a whole.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where people and programs reach the server: `https://signoff.example.com`, without a slash at the end.
    pub public_url: String,
    /// Whether the address of a request is taken from `X-Forwarded-For`, because a proxy stands before the server.
    pub trust_proxy: bool,
}

impl Settings {
    /// Whether people come by HTTPS, so that cookies can be bound to it.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// The link that makes somebody a member. The secret stands behind `#`, which browsers do not send.
    #[must_use]
    pub fn invitation_link(&self, token: &str) -> String {
        format!("{}/app/invitation#{token}", self.public_url)
    }

    /// The link that logs somebody in once.
    #[must_use]
    pub fn login_link(&self, token: &str) -> String {
        format!("{}/app/link#{token}", self.public_url)
    }
}

/// The application as the handlers see it.
#[derive(Clone)]
pub struct Face {
    /// The application.
    pub app: App,
    /// What is set.
    pub settings: Arc<Settings>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// Turns true when the server drains: long answers end.
    pub draining: watch::Receiver<bool>,
}

impl Face {
    /// A face of an application.
    #[must_use]
    pub fn new(app: App, settings: Settings, draining: watch::Receiver<bool>) -> Self {
        Self { app, settings: Arc::new(settings), metrics: Arc::default(), draining }
    }

    /// Resolves when the server drains.
    pub async fn drained(&self) {
        let mut draining = self.draining.clone();
        // The sender is gone only when the server is.
        let _ = draining.wait_for(|draining| *draining).await;
    }
}

impl FromRef<Face> for App {
    fn from_ref(face: &Face) -> Self {
        face.app.clone()
    }
}
