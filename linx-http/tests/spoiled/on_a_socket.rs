//! Answers over a loopback socket, packed: what HTTP and gzip themselves make of spoiled bytes.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener};
use std::sync::{Arc, Mutex};

use flate2::Compression;
use flate2::write::GzEncoder;
use linx_http::Transport;
use linx_http::reqwest::ReqwestTransport;
use linx_http::testing::Inputs;

use crate::measured;

/// How many bytes of a body are read.
const LONGEST_BODY: usize = 64 * 1024;

/// Whole answers with a packed body: a short one, one that unpacks to more than is read, and one in chunks.
fn packed() -> Vec<Vec<u8>> {
    let gzip = |body: &[u8]| {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(body).unwrap();
        packed.finish().unwrap()
    };
    let whole = |body: &[u8]| {
        let body = gzip(body);
        let length = body.len();
        [
            format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {length}\r\n\r\n").as_bytes(),
            &body,
        ]
        .concat()
    };
    let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntotal: 2\r\n\r\n5\r\n[1,2]\r\n0\r\n\r\n".to_vec();
    vec![
        whole(br#"[{"id":1,"name":"Zyz zyva"}]"#),
        whole(&[b'0'; 2_000_000]),
        chunked,
    ]
}

#[test]
fn a18_a_spoiled_answer_on_a_socket_is_an_answer_or_an_error() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/things", listener.local_addr().unwrap());
    let said: Arc<Mutex<Vec<u8>>> = Arc::default();
    let next = Arc::clone(&said);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            // Whoever has read enough closes the connection.
            let _ = stream.write_all(&next.lock().unwrap().clone());
            let _ = stream.shutdown(Shutdown::Write);
        }
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let inputs = Inputs::new("answers on a socket", packed()).usually(300);
    inputs.memory(2 * 1024 * 1024, 20).each(measured, |bytes| {
        said.lock().unwrap().clear();
        said.lock().unwrap().extend_from_slice(bytes);
        runtime.block_on(async {
            // A connection of its own, so that none is left with half of an answer in it.
            let transport = ReqwestTransport::new().unwrap().longest_body(LONGEST_BODY);
            let request = http::Request::get(&address).body(bytes::Bytes::new()).unwrap();
            match transport.send(request).await {
                Ok(answer) => assert!(answer.body().len() <= LONGEST_BODY),
                Err(error) => assert!(!format!("{error} {error:?}").contains("Zyz zyva"), "{error:?}"),
            }
        });
    });
}
