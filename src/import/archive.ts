import { inflateRawSync } from 'node:zlib'
import { Parser } from 'htmlparser2'
import { UserError } from '../domain/errors.ts'

/*
 * Zip files and the markup in them, as strangers may have made them: sizes are counted while unpacking, only parts
 * that are asked for are unpacked, their names are never paths, and nothing in them leads to another file.
 */

/** Of all parts together, unpacked. */
const MOST_BYTES = 32 * 1024 * 1024
const MOST_ELEMENTS = 400_000
const DEEPEST = 250

/** A file as it was found. */
export interface Bytes {
  name: string
  bytes: Buffer
}

const END = 0x06054b50
const ENTRY = 0x02014b50
const STORED = 0
const DEFLATED = 8

/** Which parts a zip file has, and their texts. */
export class Archive {
  readonly #file: Bytes
  /** Where the central directory says each part is. */
  readonly #entries = new Map<string, number>()
  #left = MOST_BYTES

  /** @throws UserError (exit 2) if it is no sound zip file. */
  constructor(file: Bytes) {
    this.#file = file
    const { bytes } = file
    this.#sound(() => {
      const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1')
      if (bytes.readUInt32LE(end) !== END) throw new RangeError('no directory')
      let at = bytes.readUInt32LE(end + 16)
      for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
        if (bytes.readUInt32LE(at) !== ENTRY) throw new RangeError('no entry')
        const [name, extra, comment] = [28, 30, 32].map(place => bytes.readUInt16LE(at + place)) as Lengths
        this.#entries.set(bytes.toString('utf8', at + 46, at + 46 + name), at)
        at += 46 + name + extra + comment
      }
    })
  }

  /** The text of the first part whose name fits; undefined without one. */
  text(pattern: RegExp): string | undefined {
    return this.texts(pattern).next().value
  }

  /** The texts of all parts whose names fit. */
  *texts(pattern: RegExp): Generator<string, undefined> {
    for (const [name, entry] of this.#entries) if (pattern.test(name)) yield this.#textAt(entry)
  }

  #textAt(entry: number): string {
    const { bytes } = this.#file
    return this.#sound(() => {
      const method = bytes.readUInt16LE(entry + 10)
      const head = bytes.readUInt32LE(entry + 42)
      const from = head + 30 + bytes.readUInt16LE(head + 26) + bytes.readUInt16LE(head + 28)
      const packed = bytes.subarray(from, from + bytes.readUInt32LE(entry + 20))
      if (method !== STORED && method !== DEFLATED) throw new RangeError('unknown method')
      const whole = method === STORED ? packed : inflateRawSync(packed, { maxOutputLength: this.#left })
      this.#left -= whole.length
      if (this.#left <= 0) throw tooLarge(this.#file)
      return whole.toString('utf8').replace(/^\ufeff/, '')
    })
  }

  /** What fails here fails because of the bytes. */
  #sound<T>(read: () => T): T {
    try {
      return read()
    } catch (error) {
      if (error instanceof UserError) throw error
      throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
        ? tooLarge(this.#file)
        : damaged(this.#file)
    }
  }
}

type Lengths = [name: number, extra: number, comment: number]

const AGAIN = 'Open it in the program it was made with, and save it again.'
export const damaged = ({ name }: Pick<Bytes, 'name'>) =>
  new UserError(`${name} can't be read: the file is damaged. ${AGAIN}`)
export const tooLarge = ({ name }: Pick<Bytes, 'name'>) =>
  new UserError(`${name} can't be read: it is far larger or more deeply nested than answers are. ${AGAIN}`)

/** An element of a markup text. */
export interface Markup {
  name: string
  attributes: Record<string, string>
  children: (Markup | string)[]
}

/**
 * XML, or HTML of ours, as an element without a name around it. Nothing outside the text is looked up.
 * @throws UserError (exit 2) if it is cut off, too deep or too large, or declares a document type, as only attacks do.
 */
export function markupOf(text: string, file: Pick<Bytes, 'name'>, html = false): Markup {
  const root: Markup = { name: '', attributes: {}, children: [] }
  const open = [root]
  let elements = 0
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const element = { name, attributes, children: [] }
        open.at(-1)?.children.push(element)
        if (open.push(element) > DEEPEST + 1 || ++elements > MOST_ELEMENTS) throw tooLarge(file)
      },
      ontext: piece => open.at(-1)?.children.push(piece),
      onclosetag: () => open.pop(),
      onprocessinginstruction(name) {
        if (name.startsWith('!') && !html) throw damaged(file)
      },
    },
    { xmlMode: !html },
  )
  parser.write(text)
  if (open.length > 1 && !html) throw damaged(file)
  parser.end()
  return root
}

/** All elements within one, in their order, without what stands within those of some names. */
export function elementsIn(
  { children }: Markup,
  skipped?: ReadonlySet<string>,
  found: Markup[] = [],
): Markup[] {
  for (const child of children) {
    if (typeof child === 'string') continue
    found.push(child)
    if (!skipped?.has(child.name)) elementsIn(child, skipped, found)
  }
  return found
}

/** The words of all elements of these names within one. */
export const textIn = (one: Markup, names: RegExp) =>
  elementsIn(one)
    .filter(({ name }) => names.test(name))
    .map(wordsIn)
    .join('')

/** The words that stand in an element itself. */
export const wordsIn = ({ children }: Markup) => children.filter(child => typeof child === 'string').join('')
