import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'
import { installed } from './browser.ts'

/** The parts of a zip file by name. */
export function unzipped(zip: Uint8Array): Map<string, string> {
  const bytes = Buffer.from(zip)
  const parts = new Map<string, string>()
  let at = bytes.readUInt32LE(bytes.length - 6)
  while (bytes.readUInt32LE(at) === 0x02014b50) {
    const [method, length, extra, comment] = [10, 28, 30, 32].map(place => bytes.readUInt16LE(at + place))
    const local = bytes.readUInt32LE(at + 42)
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    const packed = bytes.subarray(from, from + bytes.readUInt32LE(at + 20))
    parts.set(
      bytes.toString('utf8', at + 46, at + 46 + (length ?? 0)),
      (method === 0 ? packed : inflateRawSync(packed)).toString('utf8'),
    )
    at += 46 + (length ?? 0) + (extra ?? 0) + (comment ?? 0)
  }
  return parts
}

/** A zip file of these parts. `lie` changes what the file says of the size of each. */
export function zipped(parts: Iterable<[string, string | Buffer]>, lie = (size: number) => size): Buffer {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const [name, content] of parts) {
    const bytes = Buffer.from(content)
    const packed = deflateRawSync(bytes)
    const head = Buffer.alloc(26)
    head.writeUInt16LE(20, 0)
    head.writeUInt16LE(8, 4)
    head.writeUInt32LE(crc32(bytes), 10)
    head.writeUInt32LE(packed.length, 14)
    head.writeUInt32LE(lie(bytes.length), 18)
    head.writeUInt16LE(Buffer.byteLength(name), 22)
    const place = Buffer.alloc(14)
    place.writeUInt32LE(at, 10)
    files.push(Buffer.from('PK\x03\x04'), head, Buffer.from(name), packed)
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), head, place, Buffer.from(name))
    at += 30 + Buffer.byteLength(name) + packed.length
  }
  const end = Buffer.alloc(18)
  end.writeUInt16LE(directory.length / 4, 4)
  end.writeUInt16LE(directory.length / 4, 6)
  end.writeUInt32LE(Buffer.concat(directory).length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...files, ...directory, Buffer.from('PK\x05\x06'), end])
}

/** A Word file with changes to the text of its document, or of another part. */
export function edited(
  docx: Uint8Array,
  change: (xml: string) => string,
  part = 'word/document.xml',
): Buffer {
  const parts = unzipped(docx)
  parts.set(part, change(parts.get(part) ?? ''))
  return zipped(parts)
}

const SOFFICE = installed('soffice', 'libreoffice')
export const PANDOC = installed('pandoc')
/** A Python that knows Word and Excel files: Debian's `python3-docx` and `python3-openpyxl`. */
export const PYTHON = ['/usr/bin/python3', installed('python3') ?? ''].find(program => {
  const { status } = spawnSync(program, ['-c', 'import docx, openpyxl'], { stdio: 'ignore' })
  return status === 0
})
export const hasLibreOffice = SOFFICE !== undefined

/** Files as LibreOffice saves them in another format, one start for all of them. */
export function savedAs(
  format: string,
  files: ReadonlyMap<string, Buffer>,
  folder: string,
): Map<string, Buffer> {
  const out = join(folder, `as-${format}`)
  mkdirSync(out, { recursive: true })
  const paths = [...files].map(([name, bytes]) => {
    const path = join(out, name)
    writeFileSync(path, bytes)
    return path
  })
  const target = join(out, 'saved')
  const profile = `-env:UserInstallation=file://${join(folder, 'profile')}`
  execFileSync(SOFFICE ?? '', [profile, '--headless', '--convert-to', format, '--outdir', target, ...paths], {
    stdio: 'ignore',
  })
  return new Map(
    [...files.keys()].map(name => {
      const saved = `${name.replace(/\.[^.]*$/, '')}.${format}`
      return [saved, readFileSync(join(target, saved))]
    }),
  )
}
