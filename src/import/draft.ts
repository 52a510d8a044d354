import { Document, Pair, Scalar, YAMLMap } from 'yaml'
import { counted } from '../domain/answers.ts'
import { UserError } from '../domain/errors.ts'
import { capitalized, LABELS, type Link } from '../domain/guide.ts'
import { asId, freeId, RESERVED } from '../schema/guide.ts'
import type { Cell, Page, Piece } from './reading.ts'

/* A guide as YAML, out of a published document: its texts word for word, and a comment at every guess. */

/** A line, or a paragraph of several; `number` of an item in a list, 0 for a bullet. */
interface Line {
  text: string
  at: string
  isTitle: boolean
  number?: number
  /** Spaces before it. */
  indent: number
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
  const isUnbroken = pieces.some(({ text, at }) => at && UNBROKEN.test(text))
  const lines = pieces.flatMap(piece => linesOf(piece, isUnbroken && piece.at !== undefined))
  return new Draft().written(id, sorted(name, withoutRepeated(withNested(withoutOurs(lines)))))
}

/** What is indented below a question, such as a list, is part of it. Less may be a slip. */
function withNested(lines: readonly Line[]): Line[] {
  const found: Line[] = []
  let question: Line | undefined
  for (const line of lines) {
    if (question && line.indent >= question.indent + 3) {
      const mark = line.number === undefined ? '' : line.number === 0 ? '- ' : `${line.number}. `
      question.text += `\n${mark}${line.text}`
      continue
    }
    question = line.number !== undefined && isQuestion(line) ? line : undefined
    found.push(line)
  }
  return found
}

/** A heading above lists in several elements, such as "Your PL system", is not the title of an element. */
function withoutRepeated(lines: readonly Line[]): Line[] {
  const [once, repeated] = [new Set<string>(), new Set<string>()]
  let title: string | undefined
  for (const { text, isTitle, number } of lines) {
    if (isTitle) title = text
    if (number === undefined || title === undefined) continue
    const known = once.has(title) ? repeated : once
    known.add(title)
    title = undefined
  }
  return lines.map(line => ({ ...line, isTitle: line.isTitle && !repeated.has(line.text) }))
}

/** A text with such a line has not been wrapped. */
const UNBROKEN = /.{121}/

/** The lines of a document by where they stand. */
function sorted(name: string, document: readonly Line[]) {
  const elements: DraftElement[] = []
  const stray: Line[] = []
  let before: Line[] = []
  for (const line of document) {
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
      `${name} does not look like a discussion guide: no numbered questions were found under a heading. Number them (1., 2., …) below a heading for each element.`,
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
  return { head, elements: own, tail, stray }
}

const lastList = (element: DraftElement | undefined) =>
  element && (element.comparison.length > 0 ? element.comparison : element.story)

/**
 * The lines of a piece; those of one paragraph that a program has broken are one, unless each is a paragraph. Empty
 * bullets and rules are noise.
 */
function linesOf({ text, at = '', level, rows }: Piece, areParagraphs = false): Line[] {
  if (rows) return linesOfTable(rows)
  const lines: Line[] = []
  for (const [i, raw] of text.split('\n').entries()) {
    const [, number, item = raw] = /^\s*(?:(\d{1,3})\\?[.)]|[-*•+])(?:\s+(.*))?$/.exec(raw) ?? []
    const words = plain(item)
    const isItem = number !== undefined || (item !== raw && words.endsWith('?'))
    const last = lines.at(-1)
    const isNew = item !== raw || level !== undefined || (areParagraphs && /^\S/.test(raw))
    if (words === '' || /^[-_*=\s]+$/.test(words)) continue
    if (last && !isNew) last.text += ` ${words}`
    else
      lines.push({
        text: isItem || item === raw ? words : `- ${words}`,
        at: at.replace(/\d+/, first => `${Number(first) + i}`),
        isTitle: false,
        indent: raw.search(/\S/),
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

/** Rows that begin with a question have a side of an element in each column. */
function linesOfTable(rows: readonly Cell[][]): Line[] {
  const tables: Line[][][][] = []
  for (const row of rows) {
    const lines = row.map(({ pieces }) => pieces.flatMap(piece => linesOf(piece)))
    if (tables.at(-1)?.[0]?.length === row.length) tables.at(-1)?.push(lines)
    else tables.push([lines])
  }
  return tables.flatMap(table => {
    const isByColumn = table.some(([first = []]) => first.some(({ number }) => number !== undefined))
    const columns = table[0]?.map((_, i) => table.flatMap(row => row[i] ?? [])) ?? []
    return (isByColumn ? columns : table.flat()).flat()
  })
}

/** Without signs of emphasis; addresses in brackets, so that they are links. */
const plain = (text: string) =>
  text
    .replace(/\*\*|(?<!\w)__|__(?!\w)/g, '')
    .replace(/\\(?=[!-/:-@[-`{-~])/g, '')
    .replace(/\[(https?:\/\/[^\s\]]+)\]\([^\s)]*\)/g, '$1')
    .replace(
      /\]\([^\s)]*\)|(^|[^<(\w])(https?:\/\/[^\s<>()]*[^\s<>().,;:!?])/g,
      (whole, before: string, address) => (address ? `${before}<${address}>` : whole),
    )
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

class Draft {
  #checks = 0
  #questions = 0
  readonly #taken = new Set<string>(RESERVED)

  written(id: string, { head, elements, tail: all, stray }: ReturnType<typeof sorted>) {
    const body = head.findIndex(({ isTitle }) => !isTitle)
    const titles = head.slice(0, body === -1 ? 1 : Math.max(body, 1))
    const [overview, ...parts] = partsOf(head.slice(titles.length))
    const stories = parts.at(-1)
    const [after, ...ends] = partsOf(all.filter(line => !isSource(line)))
    const asking = parts.slice(0, -1)
    const warmup = asking.find(({ lines }) => lines.some(isQuestion))
    const action = ends.find(({ lines }) => lines.length > 0)
    const guide = fields({
      ...this.#opening(id, titles, all.find(isSource), elements.some(isEnglish)),
      overview: textOf(overview.lines),
      warmup: warmup && this.#section('warmup', warmup),
      stories: this.#stories(stories, elements),
      action: action && this.#section('action', action),
    })
    const left = [...asking, ...ends].filter(part => part !== warmup && part !== action)
    const unplaced = [...left.flatMap(({ title, lines }) => [title, ...lines]), ...after.lines, ...stray]
    const document = new Document(guide)
    document.comment = unplaced.map(line => this.#check('this has no place in the guide', line)).join('\n')
    const sums = [counted(this.#questions, 'question'), counted(elements.length, 'element')].join(', ')
    return {
      text: document.toString({ lineWidth: WIDTH }),
      summary: `${sums}; ${counted(this.#checks, 'place')} to check`,
    }
  }

  #check(what: string, ...lines: Line[]): string {
    this.#checks++
    const from = lines.map(({ at, text }) => `${at && `${at}: `}${excerpt(text)}`)
    return ` Check: ${what}${from.length > 0 ? ` (${from.join(' | ')})` : ''}`
  }

  #opening(id: string, titles: readonly Line[], source: Line | undefined, english: boolean): Fields {
    const [first, ...more] = titles.map(({ text }) => (/\p{Ll}/u.test(text) ? text : sentenceCase(text)))
    const subtitle = more.pop()
    const title = [first, ...more].join(' ')
    const isMade = titles.length > 2 || title !== (titles[0]?.text ?? '')
    const [, publisher, url, note] =
      new RegExp(`${LABELS.publisher}: (.+?)(?:, <(\\S+)>)?\\.(?: (.*))?$`).exec(source?.text ?? '') ?? []
    const checkLanguage = !english && this.#check('the language is perhaps another, such as es')
    const checkTitle = isMade && this.#check('the title was put together from', ...titles)
    const checkSource = publisher === undefined && this.#check('the document does not say who published it')
    return {
      ...{ id, name: id, language: noted('en', checkLanguage) },
      title:
        titles.length === 0 ? this.#heading(undefined, 'Discussion guide') : noted(folded(title), checkTitle),
      subtitle: folded(subtitle),
      source: fields({
        publisher: noted(folded(publisher ?? 'Unknown'), checkSource),
        url,
        note: note === LABELS.unofficial ? undefined : folded(note),
      }),
    }
  }

  #section(kind: 'warmup' | 'action', part: Part): YAMLMap {
    const asked: Line[] = []
    const intro: Line[] = []
    const guesses: string[] = []
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
      if (said && question)
        guesses.push(this.#check('the question was taken from the end of its paragraph', line))
    }
    if (asked.length === 0) asked.push(...intro.splice(-1))
    const idOf = (i: number) => (asked.length === 1 ? kind : `${kind}.${i + 1}`)
    const questions = asked.map((line, i) => this.#question(idOf(i), line))
    return fields({
      title: this.#heading(part, kind),
      ...this.#intro(intro, 'links'),
      questions: noted(questions, guesses.join('\n')),
    })
  }

  #stories(part: Part | undefined, elements: readonly DraftElement[]): YAMLMap {
    const all = elements.map((element, i) => this.#element(element, i))
    for (const element of all.slice(1)) element.spaceBefore = true
    const intro = this.#intro(part?.lines ?? [], 'videos')
    return fields({ title: this.#heading(part, 'Questions'), ...intro, elements: all })
  }

  #element({ title, lines, story, leadIn, comparison }: DraftElement, i: number): YAMLMap {
    const [, letter, number] = /^\p{L}+ (?:(\p{Lu})|(\d{1,2}))(?![\p{L}\p{N}])/u.exec(title.text) ?? []
    const words = asId(letter ?? title.text.split(' ').slice(0, 3).join(' '))
    const id = freeId((number ? `e${number}` : words) || `element-${i + 1}`, this.#taken)
    this.#taken.add(id)
    const question = (kind: 'story' | 'comparison') => (line: Line, n: number) => {
      const compares = kind === 'comparison' && n < story.length ? `${id}.story.${n + 1}` : undefined
      return this.#question(`${id}.${kind}.${n + 1}`, line, compares)
    }
    const checkId = id !== letter?.toLowerCase() && this.#check('the id was made up', title)
    const all = { id, title: noted(folded(title.text), checkId), framing: textOf(lines) }
    const questions = story.map(question('story'))
    if (comparison.length === 0) return fields({ ...all, story: questions })
    const isOdd = comparison.length !== story.length
    const check = isOdd && this.#check('not every question has a counterpart', title)
    const counterparts = noted(comparison.map(question('comparison')), check)
    return fields({ ...all, story: questions, 'lead-in': textOf(leadIn), comparison: counterparts })
  }

  #question(id: string, { text }: Line, compares?: string): YAMLMap {
    this.#questions++
    return fields({ id, compares, text: folded(text) })
  }

  #heading(part: Part | undefined, instead: string) {
    return (
      part?.title.text ?? noted(capitalized(instead), this.#check('the document has no heading for this'))
    )
  }

  #intro(lines: readonly Line[], key: string): Fields {
    const links = lines.flatMap(({ text }) => linksIn(text))
    const intro = textOf(lines)
    return links.length === 0
      ? { intro }
      : { intro, [key]: noted(links, this.#check('the titles of the links are guesses')) }
  }
}

type Fields = Record<string, unknown>

/** What has a value. */
function fields(all: Fields): YAMLMap {
  const map = new YAMLMap()
  for (const [name, given] of Object.entries(all)) {
    const pair = given instanceof Pair ? given : new Pair(new Scalar(name), given)
    Object.assign(pair.key, { value: name, spaceBefore: SET_APART.test(name) })
    if (given !== undefined) map.add(pair)
  }
  return map
}

/** A value with a comment before its key. */
const noted = (value: unknown, comment: string | false) =>
  comment ? new Pair(Object.assign(new Scalar(''), { commentBefore: comment }), value) : value

const SET_APART = /^(?:overview|warmup|stories|action)$/

/** Words as a block, in which no sign means anything to YAML. */
function folded(words: string | undefined): Scalar | undefined {
  return words ? Object.assign(new Scalar(words), { type: Scalar.BLOCK_FOLDED }) : undefined
}

/** The paragraphs of lines; a link on a line of its own stands among the links. */
const textOf = (lines: readonly Line[]) =>
  folded(lines.flatMap(({ text }) => (NAMED.test(text) ? [] : [text])).join('\n'))

const isSource = ({ text }: Line) => text.includes(`${LABELS.publisher}: `)
const excerpt = (text: string) => (text.length > 100 ? `${text.slice(0, 100)}…` : text)
const isEnglish = ({ story }: DraftElement) => story.some(({ text }) => /\b(?:how|what|the)\b/i.test(text))
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

/** Links with their words; addresses with the words in capitals before them, which mostly name what is there. */
function linksIn(text: string): Link[] {
  return [...text.matchAll(LINK)].map(([, label = '', to = '', words = '', shown = '']) => {
    const url = to || shown
    return { title: label || words.trim() || (/^https?:\/\/([^/]+)/.exec(url)?.[1] ?? url), url }
  })
}
const LINK =
  /\[([^\]]+)\]\((https?:\/\/[^\s)/][^\s)]*)\)|((?:\p{Lu}[\p{L}\p{N}'’]*\s+)*)(?:\p{Ll}{1,3}\s+)?:?\s*<(https?:\/\/[^>\s/][^>\s]*)>/gu

const WIDTH = 105
