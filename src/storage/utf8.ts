/* Where in a file is what should be UTF-8, and is not. */

/** The offset of the first byte that is not UTF-8. `decoded` is the text of the bytes, with a sign in place of each such. */
export function badByte(bytes: Buffer, decoded: string): number | undefined {
  // That sign may also have been written as itself.
  for (
    let at = decoded.indexOf('\ufffd'), offset = 0, from = 0;
    at !== -1;
    at = decoded.indexOf('\ufffd', at + 1)
  ) {
    offset += Buffer.byteLength(decoded.slice(from, at))
    from = at
    if (!bytes.subarray(offset, offset + 3).equals(REPLACEMENT)) return offset
  }
  return undefined
}

const REPLACEMENT = Buffer.from('\ufffd')

/** Its line, counted from 1. */
export function lineOfBadByte(bytes: Buffer): number {
  const decoded = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  return bytes.subarray(0, badByte(bytes, decoded)).toString('latin1').split('\n').length
}
