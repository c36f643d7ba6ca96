//! Measuring of bytes from a peer before they are decoded.
//!
//! The generated decoders reserve memory for as many elements as an array declares, so four bytes
//! could ask for gigabytes. Each message that is read here therefore has its layout as a table, and
//! a walk over the bytes shows that every declared element is really there. After a walk, memory is
//! bounded by the frame.

use bytes::Buf;

/// The layout of one message in all its versions.
#[derive(Debug)]
pub(crate) struct Layout {
    /// The first version with compact lengths and tag sections.
    pub(crate) flexible_from: i16,
    pub(crate) fields: &'static [Field],
}

/// A field and the versions that have it, both ends included.
#[derive(Debug)]
pub(crate) struct Field {
    kind: Kind,
    since: i16,
    until: i16,
}

/// What a field looks like in bytes; in a flexible version lengths are compact.
#[derive(Debug)]
pub(crate) enum Kind {
    /// So many bytes.
    Fixed(usize),
    /// A length, then so many bytes; may be null.
    Text,
    /// A count, then so many elements; may be null.
    Array(&'static Kind),
    /// Fields one after the other and, in a flexible version, a tag section.
    Struct(&'static [Field]),
    /// No bytes in their own place: the fields that the tag section of the struct holds by number.
    Tagged(&'static [(u32, Kind)]),
}

impl Kind {
    /// Makes this the kind of a field that every version has.
    pub(crate) const fn always(self) -> Field {
        self.between(0, i16::MAX)
    }

    /// Makes this the kind of a field that versions from `since` on have.
    pub(crate) const fn since(self, since: i16) -> Field {
        self.between(since, i16::MAX)
    }

    /// Makes this the kind of a field that the versions `since` to `until` have.
    pub(crate) const fn between(self, since: i16, until: i16) -> Field {
        Field {
            kind: self,
            since,
            until,
        }
    }
}

/// The reason why bytes do not have the layout they should have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LayoutError {
    #[error("{n_missing} bytes are missing")]
    Short { n_missing: usize },
    #[error("a length of {length} is impossible")]
    ImpossibleLength { length: i32 },
    #[error("an array declares {n_elements} elements in {n_bytes} bytes")]
    ImpossibleCount { n_elements: usize, n_bytes: usize },
    #[error("a number takes more than 32 bits")]
    LongVarint,
    #[error("the tagged field {tag} declares {declared} bytes and has {actual}")]
    TagSize {
        tag: u32,
        declared: usize,
        actual: usize,
    },
}

impl Layout {
    /// Checks that the bytes begin with a message of this layout, and returns its length in bytes.
    pub(crate) fn measure(&self, version: i16, bytes: &[u8]) -> Result<usize, LayoutError> {
        let mut walk = Walk {
            version,
            flexible: self.flexible_from <= version,
            rest: bytes,
        };
        walk.fields(self.fields)?;
        Ok(bytes.len() - walk.rest.len())
    }
}

struct Walk<'a> {
    version: i16,
    flexible: bool,
    rest: &'a [u8],
}

impl Walk<'_> {
    fn fields(&mut self, fields: &'static [Field]) -> Result<(), LayoutError> {
        let mut known_tags: &[(u32, Kind)] = &[];
        for field in fields {
            if self.version < field.since || field.until < self.version {
                continue;
            }
            if let Kind::Tagged(tags) = &field.kind {
                known_tags = tags;
            } else {
                self.kind(&field.kind)?;
            }
        }
        if self.flexible {
            self.tag_section(known_tags)?;
        }
        Ok(())
    }

    fn kind(&mut self, kind: &'static Kind) -> Result<(), LayoutError> {
        match kind {
            Kind::Fixed(n_bytes) => self.skip(*n_bytes),
            Kind::Text => {
                let length = self.text_length()?;
                self.skip(length)
            }
            Kind::Array(element) => {
                let n_elements = self.array_count()?;
                for _ in 0..n_elements {
                    self.kind(element)?;
                }
                Ok(())
            }
            Kind::Struct(fields) => self.fields(fields),
            Kind::Tagged(_) => Ok(()),
        }
    }

    fn tag_section(&mut self, known: &'static [(u32, Kind)]) -> Result<(), LayoutError> {
        let n_tags = self.varint()?;
        for _ in 0..n_tags {
            let tag = self.varint()?;
            let declared = self.varint()? as usize;
            let before = self.rest.len();
            match known.iter().find(|(number, _)| *number == tag) {
                Some((_, kind)) => self.kind(kind)?,
                None => self.skip(declared)?,
            }
            let actual = before - self.rest.len();
            if actual != declared {
                return Err(LayoutError::TagSize {
                    tag,
                    declared,
                    actual,
                });
            }
        }
        Ok(())
    }

    fn text_length(&mut self) -> Result<usize, LayoutError> {
        if self.flexible {
            return Ok((self.varint()? as usize).saturating_sub(1));
        }
        self.need(size_of::<i16>())?;
        nullable_length(i32::from(self.rest.get_i16()))
    }

    /// Every element takes a byte at least, so a count above the bytes left is refused unread.
    fn array_count(&mut self) -> Result<usize, LayoutError> {
        let n_elements = if self.flexible {
            (self.varint()? as usize).saturating_sub(1)
        } else {
            self.need(size_of::<i32>())?;
            nullable_length(self.rest.get_i32())?
        };
        if self.rest.len() < n_elements {
            return Err(LayoutError::ImpossibleCount {
                n_elements,
                n_bytes: self.rest.len(),
            });
        }
        Ok(n_elements)
    }

    fn varint(&mut self) -> Result<u32, LayoutError> {
        let mut value = 0;
        for shift in [0, 7, 14, 21, 28] {
            self.need(1)?;
            let byte = u32::from(self.rest.get_u8());
            if shift == 28 && 0x0f < byte {
                return Err(LayoutError::LongVarint);
            }
            value |= (byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        Ok(value)
    }

    fn skip(&mut self, n_bytes: usize) -> Result<(), LayoutError> {
        self.need(n_bytes)?;
        self.rest.advance(n_bytes);
        Ok(())
    }

    fn need(&self, n_bytes: usize) -> Result<(), LayoutError> {
        match n_bytes.checked_sub(self.rest.len()) {
            None | Some(0) => Ok(()),
            Some(n_missing) => Err(LayoutError::Short { n_missing }),
        }
    }
}

fn nullable_length(length: i32) -> Result<usize, LayoutError> {
    match length {
        -1 => Ok(0),
        _ => usize::try_from(length).map_err(|_| LayoutError::ImpossibleLength { length }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: Layout = Layout {
        flexible_from: 2,
        fields: &[
            Kind::Fixed(2).always(),
            Kind::Array(&Kind::Struct(&[
                Kind::Text.always(),
                Kind::Fixed(1).since(1),
            ]))
            .always(),
            Kind::Tagged(&[(0, Kind::Text)]).since(2),
        ],
    };

    #[test]
    fn measures_what_is_there() {
        let cases: [(i16, &[u8], Result<usize, LayoutError>); 11] = [
            (0, &[0, 0, 0, 0, 0, 0, 9, 9], Ok(6)),
            (0, &[0, 0, 0, 0, 0, 1, 0, 1, b'a'], Ok(9)),
            (1, &[0, 0, 0, 0, 0, 1, 0, 1, b'a', 7], Ok(10)),
            (0, &[0, 0, 0xff, 0xff, 0xff, 0xff], Ok(6)),
            (2, &[0, 0, 1, 0], Ok(4)),
            (2, &[0, 0, 2, 2, b'a', 7, 0, 1, 0, 2, 2, b'b'], Ok(12)),
            (
                2,
                &[0, 0, 1, 1, 0, 3, 2, b'b', 0],
                Err(LayoutError::TagSize {
                    tag: 0,
                    declared: 3,
                    actual: 2,
                }),
            ),
            (0, &[0], Err(LayoutError::Short { n_missing: 1 })),
            (
                0,
                &[0, 0, 0x7f, 0xff, 0xff, 0xff],
                Err(LayoutError::ImpossibleCount {
                    n_elements: 0x7fff_ffff,
                    n_bytes: 0,
                }),
            ),
            (
                0,
                &[0, 0, 0, 0, 0, 1, 0x80, 0],
                Err(LayoutError::ImpossibleLength { length: -32_768 }),
            ),
            (
                2,
                &[0, 0, 0xff, 0xff, 0xff, 0xff, 0x1f],
                Err(LayoutError::LongVarint),
            ),
        ];
        for (version, bytes, expected) in cases {
            assert_eq!(
                SAMPLE.measure(version, bytes),
                expected,
                "{version} {bytes:?}"
            );
        }
    }
}
