//! Which server a command talks to, and as whom.

use std::process::ExitCode;

use clap::Args;
use signoff_client::{Client, Options};

use crate::{
    failure::{Failure, report},
    output::{JsonArgs, Output},
};

/// The address of a server that runs on this machine with its defaults.
const HERE: &str = "http://127.0.0.1:8080";

#[derive(Args)]
struct Connection {
    /// Address of the server
    #[arg(long, env = "SIGNOFF_URL", value_name = "URL", default_value = HERE, hide_env_values = true, help_heading = "Connection")]
    url: String,
    /// Access token or API key; SIGNOFF_API_KEY is read too
    #[arg(long, env = "SIGNOFF_TOKEN", value_name = "TOKEN", hide_env_values = true, help_heading = "Connection")]
    token: Option<String>,
}

/// A command's arguments together with those of its connection.
#[derive(Args)]
pub struct Connected<T: Args> {
    #[command(flatten)]
    args: T,
    #[command(flatten)]
    connection: Connection,
    #[command(flatten)]
    json: JsonArgs,
}

/// What a command works with.
pub(crate) struct Session {
    pub(crate) client: Client,
    pub(crate) out: Output,
}

impl<T: Args> Connected<T> {
    /// Opens the connection, runs the command and reports what is in its way.
    pub(crate) async fn run(self, command: impl AsyncFnOnce(Session, T) -> Result<ExitCode, Failure>) -> ExitCode {
        let out = self.json.output();
        let done = match self.connection.open() {
            Ok(client) => command(Session { client, out }, self.args).await,
            Err(failure) => Err(failure),
        };
        done.unwrap_or_else(|failure| report(&failure, out))
    }
}

impl Connection {
    fn open(self) -> Result<Client, Failure> {
        let set = |credential: &String| !credential.trim().is_empty();
        let credential = self.token.filter(set).or_else(|| std::env::var("SIGNOFF_API_KEY").ok().filter(set));
        let credential = credential.ok_or(Failure::NoCredential)?;
        // A person waits for the answer: give up soon.
        let options = Options { retries: 2, ..Options::new(self.url).credential(credential) };
        Ok(Client::new(options)?)
    }
}
