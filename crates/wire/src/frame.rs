//! Length-delimited frames: four bytes of length, then that many bytes.

use bytes::{Buf, BufMut, Bytes, BytesMut};

/// The longest frame that is taken or made, in bytes without the length itself.
///
/// The largest answer asked for here, Metadata of a thousand brokers with the longest DNS names and
/// no topics, is 270 KiB; no question comes near it. Brokers allow 100 MiB, which matters to
/// records only, and those never pass here.
pub const MAX_FRAME_BYTES: usize = 1 << 20;

const LENGTH_BYTES: usize = 4;

/// The reason why bytes cannot be a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// The declared or needed length is above [`MAX_FRAME_BYTES`].
    #[error("a frame of {length} bytes exceeds the limit of {MAX_FRAME_BYTES}{}", impostor(*.length))]
    Oversize {
        /// The length in bytes.
        length: usize,
    },
    /// The declared length is below zero.
    #[error("a frame declares a negative length of {length}")]
    Negative {
        /// The length as declared.
        length: i32,
    },
}

/// Cuts a stream of bytes, fed in pieces of any size, into frames.
///
/// It holds at most one incomplete frame when frames are taken after every piece.
#[derive(Debug, Default)]
pub struct FrameDecoder {
    buffer: BytesMut,
}

impl FrameDecoder {
    /// Creates a decoder that has seen nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds bytes as they came from the peer.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Takes the next whole frame without its length, or none while bytes are missing.
    ///
    /// # Errors
    ///
    /// The length is negative or too great; the stream cannot be cut any further, so every later
    /// call fails alike.
    pub fn next_frame(&mut self) -> Result<Option<Bytes>, FrameError> {
        let Some(length) = self.declared_length()? else {
            return Ok(None);
        };
        if self.buffer.len() < LENGTH_BYTES + length {
            return Ok(None);
        }
        self.buffer.advance(LENGTH_BYTES);
        Ok(Some(self.buffer.split_to(length).freeze()))
    }

    /// Returns how many bytes wait for the rest of their frame.
    pub fn n_pending_bytes(&self) -> usize {
        self.buffer.len()
    }

    fn declared_length(&self) -> Result<Option<usize>, FrameError> {
        let Some(bytes) = self.buffer.first_chunk::<LENGTH_BYTES>() else {
            return Ok(None);
        };
        let declared = i32::from_be_bytes(*bytes);
        let length =
            usize::try_from(declared).map_err(|_| FrameError::Negative { length: declared })?;
        check_length(length)?;
        Ok(Some(length))
    }
}

/// Puts the length before a payload.
///
/// # Errors
///
/// The payload is longer than [`MAX_FRAME_BYTES`].
pub fn encode(payload: &[u8]) -> Result<Bytes, FrameError> {
    check_length(payload.len())?;
    let mut frame = BytesMut::with_capacity(LENGTH_BYTES + payload.len());
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    frame.put_u32(length);
    frame.extend_from_slice(payload);
    Ok(frame.freeze())
}

fn check_length(length: usize) -> Result<(), FrameError> {
    if MAX_FRAME_BYTES < length {
        return Err(FrameError::Oversize { length });
    }
    Ok(())
}

/// Two other protocols read as lengths that no Kafka peer would send; naming them saves a search.
fn impostor(length: usize) -> &'static str {
    match u32::try_from(length).map(u32::to_be_bytes) {
        Ok([0x15 | 0x16, 3, _, _]) => " (the peer speaks TLS)",
        Ok([b'H', b'T', b'T', b'P']) => " (the peer speaks HTTP)",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_out_whole_however_they_are_cut() {
        let frames: [&[u8]; 4] = [b"one", b"", b"three", &[7; 300]];
        let stream: Vec<u8> = frames
            .iter()
            .flat_map(|frame| encode(frame).unwrap())
            .collect();
        for piece_bytes in 1..=stream.len() {
            let mut decoder = FrameDecoder::new();
            let mut taken = Vec::new();
            for piece in stream.chunks(piece_bytes) {
                decoder.feed(piece);
                while let Some(frame) = decoder.next_frame().unwrap() {
                    taken.push(frame);
                }
            }
            assert_eq!(taken, frames, "in pieces of {piece_bytes}");
            assert_eq!(decoder.n_pending_bytes(), 0);
        }
    }

    #[test]
    fn lengths_that_cannot_be_are_named() {
        let cases: [(&[u8], &str); 5] = [
            (
                &[0xff, 0xff, 0xff, 0xfe],
                "a frame declares a negative length of -2",
            ),
            (
                &[0x00, 0x10, 0x00, 0x01],
                "a frame of 1048577 bytes exceeds the limit of 1048576",
            ),
            (
                &[0x7f, 0xff, 0xff, 0xff, 0x00],
                "a frame of 2147483647 bytes exceeds the limit of 1048576",
            ),
            (
                &[0x16, 0x03, 0x01, 0x02, 0x00],
                "a frame of 369295618 bytes exceeds the limit of 1048576 (the peer speaks TLS)",
            ),
            (
                b"HTTP/1.1 400",
                "a frame of 1213486160 bytes exceeds the limit of 1048576 (the peer speaks HTTP)",
            ),
        ];
        for (bytes, message) in cases {
            let mut decoder = FrameDecoder::new();
            decoder.feed(bytes);
            assert_eq!(decoder.next_frame().unwrap_err().to_string(), message);
            assert_eq!(decoder.next_frame().unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn the_limit_itself_is_allowed() {
        let longest = vec![1; MAX_FRAME_BYTES];
        let mut decoder = FrameDecoder::new();
        decoder.feed(&encode(&longest).unwrap());
        assert_eq!(decoder.next_frame(), Ok(Some(longest.into())));
        assert_eq!(
            encode(&vec![1; MAX_FRAME_BYTES + 1]),
            Err(FrameError::Oversize {
                length: MAX_FRAME_BYTES + 1
            })
        );
    }
}
