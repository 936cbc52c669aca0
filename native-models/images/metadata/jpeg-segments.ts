/** The segments of a JPEG file (ITU-T T.81, B.1.1) before its pixels: comments, EXIF, XMP and credentials lie in them. */

export interface JpegSegment {
  /** The marker's second byte: 0xe1 is APP1, 0xfe a comment. */
  marker: number;
  data: Buffer;
}

/** In the file's order; none where the bytes are no JPEG, those before the damage where it is damaged. */
export function* jpegSegments(bytes: Buffer): Generator<JpegSegment> {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return;
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1]!;
    // Any marker may be preceded by fill bytes.
    if (marker === 0xff) at += 1;
    else {
      const end = at + 2 + bytes.readUInt16BE(at + 2);
      if (marker === 0xda || end < at + 4) return;
      yield { marker, data: bytes.subarray(at + 4, end) };
      at = end;
    }
  }
}
