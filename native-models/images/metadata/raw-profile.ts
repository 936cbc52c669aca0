/** Profiles that ImageMagick and its kin put into text chunks of a PNG: a name, a length, then the bytes in hexadecimal digits. */

/** EXIF (a TIFF structure) and XMP of the text chunks; null where there is none. */
export function readRawProfiles(chunks: ReadonlyMap<string, string>): {
  exif: Buffer | null;
  xmp: string | null;
} {
  const profiles = ['exif', 'APP1', 'xmp'].map((type) => bytesOf(chunks.get(`Raw profile type ${type}`)));
  const exif = profiles.find((bytes) => bytes?.toString('latin1', 0, 6) === 'Exif\0\0');
  const xmp = profiles.find((bytes) => bytes?.includes('<rdf:RDF') === true);
  return { exif: exif?.subarray(6) ?? null, xmp: xmp?.toString('utf8') ?? null };
}

function bytesOf(text: string | undefined): Buffer | null {
  const digits = /^\n?[\w ]{1,40}\n *\d{1,10}\n([\da-f\s]+)$/i.exec(text ?? '')?.[1];
  return digits === undefined ? null : Buffer.from(digits.replaceAll(/\s/g, ''), 'hex');
}
