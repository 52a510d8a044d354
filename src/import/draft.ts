import { counted } from '../domain/answers.ts'
import { UserError } from '../domain/errors.ts'
import { capitalized, KINDS, LABELS, type Link } from '../domain/guide.ts'
import { asId } from '../schema/guide.ts'
import type { Page, Piece } from './page.ts'

/* A guide as YAML, out of a published document: its texts word for word, and a comment at every guess. */

/** A line, or a paragraph of several; `number` of an item in a list, 0 for a bullet. */
interface Line {
  text: string
  at: string
  isTitle: boolean
  number?: number
}

interface Part {
  title: Line
  lines: Line[]
}

interface DraftElement extends Part {
  above: Line[]
  story: Line[]
  leadIn: Line[]
  comparison: Line[]
}

/** The draft, and how much of it there is to check. @throws UserError (exit 2) if the document is not a guide. */
export function draftGuide(name: string, { pieces }: Page, id: string): { text: string; summary: string } {
  const elements: DraftElement[] = []
  const stray: Line[] = []
  let before: Line[] = []
  for (const line of withoutOurs(pieces.flatMap(linesOf))) {
    const current = elements.at(-1)
    const list = before.length === 0 ? lastList(current) : undefined
    if (line.number === undefined) before.push(line)
    // Some programs number each item 1.
    else if (list && (line.number !== 1 || list.at(-1)?.number === 1)) list.push(line)
    else {
      const at = before.findLastIndex(({ isTitle }) => isTitle)
      const [title, ...lines] = at === -1 ? [] : before.slice(at)
      if (title)
        elements.push({ above: before.slice(0, at), title, lines, story: [line], leadIn: [], comparison: [] })
      else if (current?.comparison.length === 0)
        Object.assign(current, { leadIn: before, comparison: [line] })
      else for (const each of [...before, line]) stray.push(each)
      before = []
    }
  }
  if (elements.length === 0)
    throw new UserError(
      `${name} does not look like a discussion guide: no numbered questions were found under a heading.`,
    )
  // Lists without a counterpart before and after those that have one are questions of other sections.
  const paired = elements.flatMap(({ comparison }, i) => (comparison.length > 0 ? i : []))
  const from = paired[0] ?? 0
  const to = (paired.at(-1) ?? elements.length - 1) + 1
  const all = (list: readonly DraftElement[]) =>
    list.flatMap(({ above, title, lines, story }) => [...above, title, ...lines, ...story])
  const own = elements.slice(from, to)
  const head = [...all(elements.slice(0, from)), ...(own[0]?.above ?? [])]
  for (const { above } of own.slice(1)) for (const line of above) stray.push(line)
  const tail = [...all(elements.slice(to)), ...before]
  return new Draft().written({ id, head, elements: own, tail, stray })
}

const lastList = (element: DraftElement | undefined) =>
  element && (element.comparison.length > 0 ? element.comparison : element.story)

/** The lines of a piece; those of one paragraph that a program has broken are one. Empty bullets and rules are noise. */
function linesOf({ text, at = '', level, rows }: Piece): Line[] {
  if (rows) return rows.flat().flatMap(({ pieces }) => pieces.flatMap(linesOf))
  const lines: Line[] = []
  for (const raw of text.split('\n')) {
    const [, number, item = raw] = /^\s*(?:(\d{1,3})\\?[.)]|[-*•+])(?:\s+(.*))?$/.exec(raw) ?? []
    const words = plain(item)
    const isItem = number !== undefined || (item !== raw && words.endsWith('?'))
    const last = lines.at(-1)
    if (words === '' || /^[-_*=\s]+$/.test(words)) continue
    if (last && item === raw && level === undefined) last.text += ` ${words}`
    else
      lines.push({
        text: isItem || item === raw ? words : `- ${words}`,
        at,
        isTitle: false,
        ...(isItem && { number: Number(number ?? 0) }),
      })
  }
  const isShort = (line: Line) =>
    line.number === undefined && line.text.length < 90 && !/^- |[.?!:;,]$/.test(line.text)
  return lines.map(line => ({
    ...line,
    isTitle: (level !== undefined && !line.text.endsWith('?')) || isShort(line),
  }))
}

/** Without signs of emphasis; addresses in brackets, so that they are links. */
const plain = (text: string) =>
  text
    .replace(/\*\*|(?<!\w)__|__(?!\w)/g, '')
    .replace(/\\(?=[!-/:-@[-`{-~])/g, '')
    .replace(/(^|[^<(\w])(https?:\/\/[^\s<>()]*[^\s<>().,;:!?])/g, '$1<$2>')
    .replace(/\s+/g, ' ')
    .trim()

/** A handout of ours says in labels what lists say elsewhere. */
function withoutOurs(lines: readonly Line[]): Line[] {
  return lines.flatMap((line, i): Line[] => {
    const [, side, number] = /^.+? · (.+?)(?: · (\d+) \S+ \d+)?$/.exec(line.isTitle ? line.text : '') ?? []
    const next = lines[i + 1]
    if (side && next?.text.endsWith('?')) {
      Object.assign(next, { number: Number(number ?? 1), isTitle: false })
      return []
    }
    if (line.text.startsWith(`${LABELS.name}:`)) return []
    if (Object.values(LABELS).some(label => capitalized(label) === line.text)) return []
    return [{ ...line, text: line.text.replace(/ · Handout$/, '') }]
  })
}

/** The lines of a document by where they stand. */
interface Sorted {
  id: string
  head: readonly Line[]
  elements: readonly DraftElement[]
  tail: readonly Line[]
  stray: readonly Line[]
}

class Draft {
  readonly #out: string[] = []
  #checks = 0
  #questions = 0

  written({ id, head, elements, tail: all, stray }: Sorted): { text: string; summary: string } {
    const body = head.findIndex(({ isTitle }) => !isTitle)
    const titles = head.slice(0, body === -1 ? 1 : Math.max(body, 1))
    const [overview, ...parts] = partsOf(head.slice(titles.length))
    const stories = parts.at(-1)
    const tail = all.filter(line => !this.#isSource(line))
    const [after, ...ends] = partsOf(tail)
    this.#opening(id, titles, all.find(this.#isSource))
    this.#field('', 'overview', overview?.lines ?? [])
    const asking = parts.slice(0, -1)
    const warmup = asking.find(({ lines }) => lines.some(isQuestion))
    const action = ends.find(({ lines }) => lines.length > 0)
    this.#section('warmup', warmup)
    this.#out.push('', 'stories:')
    this.#heading('  ', stories, 'Questions')
    this.#links('  ', 'videos', this.#field('  ', 'intro', stories?.lines ?? []))
    this.#out.push('  elements:')
    for (const [i, element] of elements.entries()) this.#element(element, i)
    this.#section('action', action)
    const left = [...asking, ...ends].filter(part => part !== warmup && part !== action)
    this.#unplaced([
      ...left.flatMap(({ title, lines }) => [title, ...lines]),
      ...(after?.lines ?? []),
      ...stray,
    ])
    const sums = [counted(this.#questions, 'question'), counted(elements.length, 'element')].join(', ')
    return {
      text: `${this.#out.join('\n')}\n`,
      summary: `${sums}; ${this.#checks} ${this.#checks === 1 ? 'place' : 'places'} to check`,
    }
  }

  #check(indent: string, what: string, ...lines: (Line | undefined)[]): void {
    this.#checks++
    const from = lines.flatMap(line => (line ? [`${line.at && `${line.at}: `}${excerpt(line.text)}`] : []))
    this.#out.push(`${indent}# Check: ${what}${from.length > 0 ? ` (${from.join(' | ')})` : ''}`)
  }

  #isSource = ({ text }: Line) => text.includes(`${LABELS.publisher}: `)

  #opening(id: string, titles: readonly Line[], source: Line | undefined): void {
    const [first, ...more] = titles.map(({ text }) => (/\p{Ll}/u.test(text) ? text : sentenceCase(text)))
    const subtitle = more.pop()
    const title = [first, ...more].join(' ')
    this.#out.push(`id: ${id}`, `name: ${id}`, 'language: en')
    if (titles.length > 2 || title !== titles[0]?.text)
      this.#check('', 'the title was put together from', ...titles)
    this.#out.push(
      `title: >-`,
      `  ${title}`,
      ...(subtitle ? ['subtitle: >-', `  ${subtitle}`] : []),
      'source:',
    )
    const [, publisher, url, note = ''] =
      new RegExp(`${LABELS.publisher}: (.+?)(?:, <(\\S+)>)?\\.(?: (.*))?$`).exec(source?.text ?? '') ?? []
    if (!publisher) this.#check('  ', 'the document does not say who published it')
    this.#out.push('  publisher: >-', `    ${publisher ?? 'Unknown'}`, ...(url ? [`  url: ${url}`] : []))
    const own = note === LABELS.unofficial ? '' : note
    this.#text('  ', 'note', own ? [own] : [])
    this.#out.push('')
  }

  #section(kind: 'warmup' | 'action', part: Part | undefined): void {
    if (!part) return
    this.#out.push('', `${kind}:`)
    this.#heading('  ', part, kind)
    const asked: Line[] = []
    const intro: Line[] = []
    for (const line of part.lines) {
      if (line.number !== undefined) {
        asked.push(line)
        continue
      }
      const sentences = line.text.split(/(?<=[.!?]) +(?=\p{Lu}|[¿"“])/u)
      const from = sentences.findLastIndex(sentence => !sentence.endsWith('?')) + 1
      const [said, question] = [sentences.slice(0, from).join(' '), sentences.slice(from).join(' ')]
      if (said) intro.push({ ...line, text: said })
      if (question) asked.push({ ...line, text: question })
      if (said && question) this.#check('  ', 'the question was taken from the end of its paragraph', line)
    }
    if (asked.length === 0) asked.push(...intro.splice(-1))
    this.#links('  ', 'links', this.#field('  ', 'intro', intro))
    this.#out.push('  questions:')
    for (const [i, line] of asked.entries())
      this.#question('    ', asked.length === 1 ? kind : `${kind}.${i + 1}`, line)
  }

  #element({ title, lines, story, leadIn, comparison }: DraftElement, i: number): void {
    const [, letter, number] = /^\p{L}+ (?:(\p{Lu})|(\d{1,2}))(?![\p{L}\p{N}])/u.exec(title.text) ?? []
    const wish = letter
      ? asId(letter)
      : number
        ? `e${number}`
        : asId(title.text.split(' ').slice(0, 3).join(' '))
    const id = wish === '' || (KINDS as readonly string[]).includes(wish) ? `element-${i + 1}` : wish
    this.#out.push(...(i > 0 ? [''] : []), `    - id: ${id}`)
    if (!letter) this.#check('      ', 'the id was made up', title)
    this.#text('      ', 'title', [title.text])
    this.#field('      ', 'framing', lines)
    this.#out.push('      story:')
    for (const [n, line] of story.entries()) this.#question('        ', `${id}.story.${n + 1}`, line)
    if (comparison.length === 0) return
    this.#field('      ', 'lead-in', leadIn)
    this.#out.push('      comparison:')
    if (comparison.length !== story.length)
      this.#check('      ', 'not every question has a counterpart', title)
    for (const [n, line] of comparison.entries()) {
      const compares = n < story.length ? `${id}.story.${n + 1}` : undefined
      this.#question('        ', `${id}.comparison.${n + 1}`, line, compares)
    }
  }

  #question(indent: string, id: string, line: Line, compares?: string): void {
    this.#questions++
    this.#out.push(`${indent}- id: ${id}`, ...(compares ? [`${indent}  compares: ${compares}`] : []))
    this.#text(`${indent}  `, 'text', [line.text])
  }

  #heading(indent: string, part: Part | undefined, instead: string): void {
    if (!part) this.#check(indent, 'the document has no heading for this')
    const title = part?.title.text ?? capitalized(instead)
    if (/^[\p{L}][\p{L}\p{N} ]*$/u.test(title)) this.#out.push(`${indent}title: ${title}`)
    else this.#text(indent, 'title', [title])
  }

  #field(indent: string, key: string, lines: readonly Line[]): Link[] {
    const links = lines.flatMap(({ text }) => linksIn(text))
    this.#text(
      indent,
      key,
      lines.flatMap(({ text }) => (NAMED.test(text) ? [] : [text])),
    )
    return links
  }

  #links(indent: string, key: string, links: readonly Link[]): void {
    if (links.length === 0) return
    this.#check(indent, 'the titles of the links are guesses')
    this.#out.push(`${indent}${key}:`)
    for (const { title, url } of links)
      this.#out.push(`${indent}  - title: ${JSON.stringify(title)}`, `${indent}    url: ${url}`)
  }

  #text(indent: string, key: string, paragraphs: readonly string[]): void {
    if (paragraphs.length === 0) return
    this.#out.push(`${indent}${key}: >-`)
    for (const [i, text] of paragraphs.entries()) {
      if (i > 0) this.#out.push('')
      for (const line of wrapped(text, indent.length + 2)) this.#out.push(line)
    }
  }

  #unplaced(lines: readonly Line[]): void {
    for (const line of lines) this.#check('', 'this has no place in the guide', line)
  }
}

const excerpt = (text: string) => (text.length > 100 ? `${text.slice(0, 100)}…` : text)
const isQuestion = ({ text }: Line) => text.includes('?')
const sentenceCase = (text: string) =>
  text.replace(/\p{L}+/gu, word => word.charAt(0) + word.slice(1).toLowerCase())

/** Lines under their headings; the first part has none. */
function partsOf(lines: readonly Line[]): [{ lines: Line[] }, ...Part[]] {
  const first: { lines: Line[] } = { lines: [] }
  const parts: Part[] = []
  for (const line of lines)
    if (line.isTitle) parts.push({ title: line, lines: [] })
    else (parts.at(-1) ?? first).lines.push(line)
  return [first, ...parts]
}

/** A link on a line of its own. */
const NAMED = /^[^<>]+: <https?:\/\/\S+>$/

/** Addresses with the words in capitals before them, which mostly name what is there. */
function linksIn(text: string): Link[] {
  return [
    ...text.matchAll(/((?:\p{Lu}[\p{L}\p{N}'’]*\s+)*)(?:\p{Ll}{1,3}\s+)?:?\s*<(https?:\/\/[^>\s]+)>/gu),
  ].map(([, words = '', url = '']) => ({ title: words.trim() || new URL(url).hostname, url }))
}

const WIDTH = 105
function wrapped(text: string, indent: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && indent + last.length + 1 + word.length <= WIDTH)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines.map(line => ' '.repeat(indent) + line)
}
