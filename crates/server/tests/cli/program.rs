//! The binary: as a server of its own folder, and as a command against it.

use std::{
    fs::File,
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

const BINARY: &str = env!("CARGO_BIN_EXE_signoff");
/// How often something is looked for, 10 ms apart: far longer than anything here takes.
const LOOKS: u32 = 3_000;

/// The binary, knowing nothing of the environment it is tested in.
pub(crate) fn signoff(folder: &Path) -> Command {
    let mut command = Command::new(BINARY);
    command.current_dir(folder).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("SIGNOFF_") {
            command.env_remove(name);
        }
    }
    command
}

/// What a command printed and how it ended.
pub(crate) struct Printed {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Printed {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Printed {
    /// The output of a command that has to have worked.
    pub(crate) fn ok(self) -> String {
        assert_eq!(self.code, 0, "{}{}", self.out, self.err);
        self.out
    }

    pub(crate) fn json(self) -> serde_json::Value {
        serde_json::from_str(&self.ok()).unwrap()
    }
}

/// Waits until something is so.
pub(crate) fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..LOOKS {
        if is_so() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("still not so: {what}");
}

/// A server on a folder of its own; ends with the test.
pub(crate) struct Server {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) url: String,
    /// The owner's access token.
    pub(crate) token: String,
    child: Child,
}

impl Server {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let log = File::create(folder.path().join("log")).unwrap();
        let address = format!("127.0.0.1:{port}");
        let child = signoff(folder.path())
            .args(["serve", "--listen", &address, "--log", "warn"])
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut server = Self { folder, url: format!("http://{address}"), token: String::new(), child };
        wait_until("the server listens", || TcpStream::connect(&address).is_ok());
        let token = ["member", "token", "--email", "owner@localhost"];
        // The address is taken before the first organization is made.
        wait_until("there is an owner", || {
            let printed = Printed::from(signoff(server.folder.path()).args(token).output().unwrap());
            printed.out.trim().clone_into(&mut server.token);
            printed.code == 0
        });
        assert!(server.token.starts_with("sp_live_") && !server.token.contains(char::is_whitespace), "{}", server.token);
        server
    }

    /// Runs a command as the owner.
    pub(crate) fn run(&self, args: &[&str]) -> Printed {
        self.run_as(&self.token, args)
    }

    /// Runs a command with a key or token.
    pub(crate) fn run_as(&self, credential: &str, args: &[&str]) -> Printed {
        let name = if credential.starts_with("sk_") { "SIGNOFF_API_KEY" } else { "SIGNOFF_TOKEN" };
        let mut command = signoff(self.folder.path());
        let output = command.args(args).env("SIGNOFF_URL", &self.url).env(name, credential).output();
        output.unwrap().into()
    }

    /// Writes a file into the folder in which commands run.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.folder.path().join(name)).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}
