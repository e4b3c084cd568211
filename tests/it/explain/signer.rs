//! A signer that makes mistakes on request, apart from the program's own, and a practice gateway to
//! send its work to.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use countersign::explain::{
    ClientSteps, Evidence, Given, GivenAnswer, GivenRequest, GivenSignature,
};
use countersign::gateway::{Gateway, GatewayOptions};
use countersign::practice;
use countersign::secret::SecretString;
use countersign::sigv4::{
    CanonicalRequest, CredentialScope, Echo, PathRule, RequestDateTime, SigningKey, hash_hex,
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use tokio::runtime::Runtime;

pub(crate) const NOW: &str = "20260102T030405Z";
pub(crate) const HOST: &str = "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com";
/// Long enough for a slow machine; no test waits it out.
const PATIENCE: Duration = Duration::from_secs(20);

type Edit = Box<dyn Fn(String) -> String>;
type Derive = Box<dyn Fn(&Plan) -> Vec<u8>>;

/// A request, and how it is signed; the default is right.
pub(crate) struct Plan {
    pub(crate) method: &'static str,
    pub(crate) target: String,
    pub(crate) host: String,
    /// Further headers that are signed.
    pub(crate) headers: Vec<(String, String)>,
    /// Further headers that are not.
    pub(crate) unsigned: Vec<(String, String)>,
    pub(crate) body: String,
    pub(crate) time: String,
    pub(crate) key_id: String,
    pub(crate) secret: String,
    pub(crate) scope: [String; 4],
    /// Changes to the canonical request, the string to sign, and the key.
    pub(crate) canonical: Edit,
    pub(crate) string: Edit,
    pub(crate) key: Option<Derive>,
}

impl Plan {
    pub(crate) fn new(method: &'static str, target: &str) -> Self {
        Self {
            method,
            target: target.to_owned(),
            host: HOST.to_owned(),
            headers: Vec::new(),
            unsigned: Vec::new(),
            body: String::new(),
            time: NOW.to_owned(),
            key_id: practice::ACCESS_KEY_ID.to_owned(),
            secret: practice::SECRET_ACCESS_KEY.to_owned(),
            scope: ["20260102", "us-east-1", "execute-api", "aws4_request"].map(str::to_owned),
            canonical: Box::new(|text| text),
            string: Box::new(|text| text),
            key: None,
        }
    }

    /// Replaces a piece of the canonical request, which must be there.
    pub(crate) fn replacing(mut self, right: &str, wrong: &str) -> Self {
        let (right, wrong) = (right.to_owned(), wrong.to_owned());
        self.canonical = Box::new(move |text| {
            assert!(text.contains(&right), "{right} is not in:\n{text}");
            text.replacen(&right, &wrong, 1)
        });
        self
    }

    pub(crate) fn editing(mut self, edit: impl Fn(String) -> String + 'static) -> Self {
        self.canonical = Box::new(edit);
        self
    }

    pub(crate) fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn with_body(mut self, body: &str) -> Self {
        body.clone_into(&mut self.body);
        self
    }

    fn signed_headers(&self) -> Vec<(String, String)> {
        let mut headers = vec![
            ("host".to_owned(), self.host.clone()),
            ("x-amz-date".to_owned(), self.time.clone()),
        ];
        headers.extend(self.headers.iter().cloned());
        headers
    }

    /// The steps as this signer takes them.
    pub(crate) fn steps(&self) -> ClientSteps {
        let (path, query) = self.target.split_once('?').unwrap_or((&self.target, ""));
        let headers = self.signed_headers();
        let canonical = CanonicalRequest::derive(
            self.method,
            path,
            query,
            headers.iter().map(|(n, v)| (n.as_str(), v.as_str())),
            hash_hex(self.body.as_bytes()),
            PathRule {
                normalize: true,
                encode: true,
            },
        );
        let canonical = (self.canonical)(canonical.to_string());
        let string = format!(
            "AWS4-HMAC-SHA256\n{}\n{}\n{}",
            self.time,
            self.scope.join("/"),
            hash_hex(canonical.as_bytes())
        );
        ClientSteps {
            canonical_request: Some(canonical),
            string_to_sign: Some((self.string)(string)),
            is_masked: false,
        }
    }

    pub(crate) fn signature(&self) -> String {
        let string = self.steps().string_to_sign.unwrap();
        let key = self.key.as_ref().map_or_else(
            || {
                let scope = CredentialScope {
                    date: self.scope[0].clone(),
                    region: self.scope[1].clone(),
                    service: self.scope[2].clone(),
                };
                SigningKey::derive(&SecretString::new(self.secret.as_str()), &scope)
                    .signing
                    .to_vec()
            },
            |derive| derive(self),
        );
        hex::encode(hmac(&key, string.as_bytes()))
    }

    /// The request as it goes out.
    pub(crate) fn sign(&self) -> Wire {
        let mut names: Vec<String> = self
            .signed_headers()
            .into_iter()
            .map(|(name, _)| name.to_lowercase())
            .collect();
        names.sort();
        names.dedup();
        let mut headers = self.signed_headers();
        headers.extend(self.unsigned.iter().cloned());
        headers.push((
            "authorization".to_owned(),
            format!(
                "AWS4-HMAC-SHA256 Credential={}/{}, SignedHeaders={}, Signature={}",
                self.key_id,
                self.scope.join("/"),
                names.join(";"),
                self.signature()
            ),
        ));
        Wire {
            method: self.method.to_owned(),
            target: self.target.clone(),
            headers,
            body: self.body.clone(),
        }
    }

    /// The same as a presigned URL.
    pub(crate) fn presign(&self) -> Wire {
        let mark = if self.target.contains('?') { '&' } else { '?' };
        let credential = format!("{}/{}", self.key_id, self.scope.join("/")).replace('/', "%2F");
        let query = format!(
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={credential}&X-Amz-Date={}\
             &X-Amz-Expires=86400&X-Amz-SignedHeaders=host",
            self.time
        );
        let target = format!("{}{mark}{query}", self.target);
        let mut inner = Self::new(self.method, &target);
        inner.time.clone_from(&self.time);
        // Only the host is signed as a header.
        let date = format!("x-amz-date:{}\n", self.time);
        inner.canonical =
            Box::new(move |text| text.replace(&date, "").replace("host;x-amz-date", "host"));
        Wire {
            method: self.method.to_owned(),
            target: format!("{target}&X-Amz-Signature={}", inner.signature()),
            headers: vec![("host".to_owned(), self.host.clone())],
            body: String::new(),
        }
    }
}

pub(crate) fn hmac(key: &[u8], data: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(data);
    mac.finalize().into_bytes().to_vec()
}

/// A request as it goes over the wire.
#[derive(Clone, Debug)]
pub(crate) struct Wire {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Wire {
    pub(crate) fn new(method: &str, target: &str, headers: &[(&str, &str)]) -> Self {
        let mut all = vec![("host".to_owned(), HOST.to_owned())];
        all.extend(
            headers
                .iter()
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned())),
        );
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: all,
            body: String::new(),
        }
    }

    pub(crate) fn change(mut self, name: &str, change: impl Fn(&str) -> String) -> Self {
        let slot = self.headers.iter_mut().find(|(known, _)| known == name);
        let value = &mut slot.unwrap_or_else(|| panic!("no {name}")).1;
        *value = change(value);
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let headers: String = self
            .headers
            .iter()
            .map(|(name, value)| [name, ": ", value, "\r\n"].concat())
            .collect();
        format!(
            "{} {} HTTP/1.1\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{}",
            self.method,
            self.target,
            self.body.len(),
            self.body
        )
        .into_bytes()
    }

    pub(crate) fn request(&self) -> GivenRequest {
        let host = self
            .headers
            .iter()
            .find(|(name, _)| name == "host")
            .map_or("", |(_, value)| value);
        let mut request = GivenRequest {
            method: self.method.clone(),
            url: format!("https://{host}{}", self.target),
            headers: self.headers.clone(),
            body: Some(Bytes::from(self.body.clone())),
            ..GivenRequest::default()
        };
        request.signature = GivenSignature::of_request(&request);
        request
    }
}

/// The practice gateway at [`NOW`].
pub(crate) struct World {
    runtime: Runtime,
    gateway: Gateway,
}

impl World {
    pub(crate) fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let options = GatewayOptions {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            clock: Arc::new(|| RequestDateTime::parse(NOW).unwrap().time()),
            ..GatewayOptions::default()
        };
        let gateway = runtime.block_on(Gateway::start(options)).unwrap();
        Self { runtime, gateway }
    }

    pub(crate) fn stop(self) {
        self.runtime.shutdown_background();
    }

    /// The URL of a target here.
    pub(crate) fn url(&self, target: &str) -> String {
        format!("http://{}{target}", self.gateway.addr())
    }

    /// Sends it, and gives what is known then.
    pub(crate) fn send(&self, wire: &Wire) -> Evidence {
        let mut stream = TcpStream::connect(self.gateway.addr()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        // The gateway may answer and close before all is written.
        stream.write_all(&wire.bytes()).ok();
        let mut raw = Vec::new();
        match stream.read_to_end(&mut raw) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
            Err(error) => panic!("{error}"),
        }
        let raw = String::from_utf8(raw).unwrap();
        let (head, body) = raw.split_once("\r\n\r\n").unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        let headers = lines
            .map(|line| line.split_once(": ").unwrap())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        with_answer(
            Some(wire.request()),
            GivenAnswer::new(status.parse().ok(), headers, body.to_owned()),
        )
    }
}

/// Evidence of a request and its answer.
pub(crate) fn with_answer(request: Option<GivenRequest>, answer: GivenAnswer) -> Evidence {
    Evidence {
        given: Given::RawRequest,
        request,
        steps: None,
        echo: Echo::find(&answer.body),
        answer: Some(answer),
    }
}
