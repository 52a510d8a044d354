import { type Answer, counted, normalizeAnswer } from '../domain/answers.ts'
import {
  anchorsOf,
  capitalized,
  DISCUSSED,
  type Guide,
  type Question,
  type QuestionId,
  questionOf,
} from '../domain/guide.ts'
import {
  endOf,
  isBlank,
  JOTS,
  type Line,
  lineOf,
  type PrintedWords,
  printedWords,
  ROOM,
  SCORE,
  STRAY,
  says,
  squeezed,
  startsOf,
} from './printed.ts'
import {
  type Cell,
  type Decided,
  joined,
  type Page,
  type Piece,
  type Reading,
  type Remark,
  tableMarkdown,
} from './reading.ts'

/*
 * Which words of a page belong to which question. Places are known by what survives most programs first: bookmarks,
 * then our labels, then the names of styles, then a question's words within its element and side.
 */

/** What a page says to the questions of a guide; what cannot be placed for sure is left over. */
export function placed(page: Page, guide: Guide, decided: Decided): Reading | undefined {
  const isBrief = page.pieces.some(({ level, text }) => level && text === DISCUSSED)
  if (page.digest || isBrief) return { groups: [], told: [], left: [], unclear: [], isDigest: true }
  const placement = new Placement(guide, decided)
  placement.place(page.pieces)
  return placement.reading()
}

interface Box {
  rows: Cell[][]
  marks: QuestionId[]
  styles: QuestionId[]
}

class Placement {
  readonly #guide: Guide
  readonly #decided: Decided
  readonly #words: PrintedWords
  /** By the name of a bookmark or of a style. */
  readonly #anchored = new Map<string, QuestionId>()
  readonly #taken = new Map<QuestionId, Piece[]>()
  /** Places that could mean several questions, under names of their own. */
  readonly #open = new Map<string, readonly QuestionId[]>()
  readonly #boxes = new Map<QuestionId, number>()
  readonly #below = new Set<QuestionId>()
  readonly #remarks = new Map<Remark, (QuestionId | undefined)[]>()
  readonly #reading: Reading = { groups: [], told: [], left: [], unclear: [] }
  /** Questions with a beginning or a bookmark, and those that only a style speaks of. */
  readonly #sure = new Set<QuestionId>()
  readonly #styled = new Set<QuestionId>()
  /** Of tables that set things beside each other: what stands above says nothing of them. */
  readonly #beside = new Set<Piece>()
  /** Whether our titles are headings still. */
  #hasHeadings = false
  #number = 0
  #current: QuestionId | undefined

  constructor(guide: Guide, decided: Decided) {
    this.#guide = guide
    this.#decided = decided
    this.#words = printedWords(guide)
    for (const [id, anchor] of anchorsOf(guide))
      for (const name of [`q_${anchor}`, `in_${anchor}`, `answer_${anchor}`, `answer ${id}`])
        this.#anchored.set(name, id)
  }

  place(pieces: readonly Piece[]): void {
    const lines = pieces.flatMap(piece => this.#flat(piece)).map(this.#lineOf)
    for (const { marks, styles } of lines.flatMap(({ piece }) => this.#boxesOf(piece.rows))) {
      for (const id of marks) this.#sure.add(id)
      for (const id of styles) this.#styled.add(id)
    }
    this.#hasHeadings = lines.some(({ printed, piece }) => printed?.element && piece.level)
    const starts = startsOf(lines, this.#guide)
    for (const { ids } of starts) if (this.#question(ids)) this.#sure.add(ids[0] ?? '')
    this.#preface(lines.slice(0, starts[0]?.at))
    for (const [i, { at, ids }] of starts.entries()) {
      const next = starts.slice(i + 1).find(one => this.#question(one.ids))
      const region = lines.slice(at, starts[i + 1]?.at)
      this.#region(this.#chosen(`place ${at}`, ids), region, this.#question(next?.ids))
    }
  }

  #lineOf = (piece: Piece) => lineOf(piece, this.#words, this.#known(piece.marks, 'q_'))

  #question = (ids: readonly QuestionId[] = []) =>
    ids.length === 1 ? questionOf(this.#guide, ids[0] ?? '') : undefined

  /** The question that is meant, else a name for the place. */
  #chosen(key: string, ids: readonly QuestionId[]): QuestionId {
    const decided = this.#decided.get(key)
    if (decided) return decided
    if (ids.length > 1) this.#open.set(key, ids)
    return ids.length > 1 ? key : (ids[0] ?? '')
  }

  /** A table that holds questions only sets them beside each other. */
  #flat(piece: Piece): Piece[] {
    const isBox = (cell: Cell) => this.#known(cell.marks, 'in_').length > 0
    const asks = (cell: Cell) => cell.pieces.some(inner => this.#lineOf(inner).score > SCORE.label)
    const cells = piece.rows?.flat() ?? []
    if (!cells.some(cell => !isBox(cell) && asks(cell))) return [piece]
    const parts = cells.flatMap(cell =>
      isBox(cell)
        ? [{ text: joined(cell.pieces), rows: [[cell]] }]
        : cell.pieces.flatMap(inner => this.#flat(inner)),
    )
    for (const part of parts) this.#beside.add(part)
    return parts
  }

  #known(names: Iterable<string> = [], prefix: string): QuestionId[] {
    const ids = [...names].flatMap(name => (name.startsWith(prefix) ? (this.#anchored.get(name) ?? []) : []))
    return [...new Set(ids)]
  }

  /** What stands before the first question: title, overview, and who has written it. */
  #preface(lines: readonly Line[]): void {
    for (const [i, { piece, printed, rest }] of lines.entries()) {
      const isTitle = (i === 0 && piece.level === 1) || this.#isFacts(piece, lines[i - 1])
      this.#note(piece)
      if (piece.rows) this.#tables(piece, undefined, undefined)
      else if (isTitle) this.#title(piece)
      else this.#leave(piece, printed ? rest : piece.text)
    }
  }

  /** `Discussion Guide · Handout`, or any line that stands out below the title. */
  #isFacts({ text, frame }: Piece, above: Line | undefined): boolean {
    const standsOut = frame || /^\*\*.*\*\*$/m.test(text)
    const isOurs = endOf(squeezed(`${this.#guide.subtitle ?? ''} · `), text, 0) !== undefined
    return isOurs || (standsOut === true && above?.piece.level === 1)
  }

  /** A title and its line of facts are no answers, also where they say what somebody chose. */
  #title(piece: Piece): void {
    const [line = '', ...more] = piece.text.split('\n')
    const own = line
      .replaceAll('**', '')
      .split(' · ')
      .filter(part => {
        const hit = this.#words.at(part, 0)
        return !isBlank(hit ? part.slice(hit.end) : part)
      })
    if (own.length > 0) this.#reading.told.push(`not taken, from its title: ${own.join(' · ')}`)
    this.#leave(piece, more.join('\n'))
  }

  /** From the beginning of a question up to the next one. */
  #region(id: QuestionId, [first, ...lines]: readonly Line[], next: Question | undefined): void {
    const question = questionOf(this.#guide, id)
    if (!first) return
    this.#leave(first.piece, first.before)
    this.#current = id
    this.#note(first.piece)
    // A heading of ours that somebody has changed is no answer.
    if (!first.printed) this.#leave(first.piece, first.rest)
    else if (id !== JOTS && id !== STRAY) this.#take({ text: first.rest.trim() })
    const { found, end } = this.#printedAbove(lines, question, next)
    let hasBox = false
    for (const [i, { piece, printed, before, rest, ids }] of lines.entries()) {
      this.#note(piece)
      if (found.has(i) || (i >= end && printed)) this.#leave(piece, printed ? rest : '')
      else if (printed && ids.length > 0) {
        this.#take({ text: before })
        this.#take({ text: rest })
      } else if (piece.rows)
        this.#tables(piece, hasBox || i >= end || this.#beside.has(piece) ? undefined : question?.id, next)
      else if (piece.apart || i >= end) this.#leave(piece, piece.text)
      else this.#take(piece, hasBox)
      hasBox ||= piece.rows !== undefined
    }
  }

  /** What leads to the next question stands at the end: from there on, nothing belongs to this one. */
  #printedAbove(lines: readonly Line[], question: Question | undefined, next: Question | undefined) {
    const actions = squeezed(capitalized(this.#guide.labels.actions))
    const found = new Set<number>()
    let end = lines.length
    const above = [
      ...(next ? [] : [{ words: actions, isTitle: true }]),
      ...this.#words.between(question, next),
    ]
    const all = lines.map(({ printed, piece: { text, level } }) => {
      return { words: printed?.words ?? squeezed(text.slice(0, 99)), level }
    })
    for (const { words, isTitle } of above.reverse()) {
      const at = all
        .slice(0, end)
        .findLastIndex(line => line.words === words && (line.level || !isTitle || !this.#hasHeadings))
      if (at === -1) continue
      end = at
      found.add(at)
      // The table of actions repeats what the answers say.
      const table = words === actions ? lines[at + 1]?.piece : undefined
      if (table?.rows || table?.text.startsWith('| ')) found.add(at + 1)
    }
    return { found, end }
  }

  /** The boxes of a table: each cell with a bookmark, or a style of its own, begins one; others were added to it. */
  #boxesOf(rows: readonly Cell[][] = []): Box[] {
    const boxes: Box[] = []
    for (const row of rows) {
      let last: Box | undefined
      for (const cell of row) {
        const marks = this.#known(cell.marks, 'in_')
        const styles = this.#known(cell.styles, 'answer')
        const before = boxes.at(-1)
        const isOther =
          styles.length > 0 && !styles.some(id => before?.styles.includes(id) || this.#sure.has(id))
        const begins = !before || marks.length > 0 || (isOther && before.styles.length > 0)
        const box = begins ? { rows: [], marks, styles } : before
        if (begins) boxes.push(box)
        if (last !== box) box.rows.push([])
        box.rows.at(-1)?.push(cell)
        last = box
      }
    }
    return boxes
  }

  /** Takes what stands in the boxes of a table; the first may be the one below a label. */
  #tables({ rows = [] }: Piece, label: QuestionId | undefined, next: Question | undefined): void {
    for (const [i, box] of this.#boxesOf(rows).entries()) {
      const pieces = box.rows.flat().flatMap(cell => cell.pieces)
      const isGrid = box.rows.some(row => row.filter(cell => !isBlank(joined(cell.pieces))).length > 1)
      const content = isGrid ? [{ text: tableMarkdown(box.rows) }] : pieces.filter(({ apart }) => !apart)
      const isEmpty = isBlank(joined(content))
      const above = this.#current
      const ids = this.#idsOf(box, i === 0 ? label : undefined)
      const unknown = ids.length === 0 && !isGrid ? this.#missing(next) : []
      const known = unknown.length > 0 && above ? [above, ...unknown] : unknown.length > 0 ? unknown : ids
      if (known.length > 0 && !isEmpty) this.#current = this.#chosen(`box ${++this.#number}`, known)
      else if (known.length === 1) this.#current = known[0]
      if (known.length === 1 && !isEmpty)
        this.#boxes.set(known[0] ?? '', (this.#boxes.get(known[0] ?? '') ?? 0) + 1)
      for (const piece of content) this.#take(piece, known.length === 0)
      for (const piece of pieces) {
        this.#note(piece)
        if (piece.apart) this.#leave(piece, piece.text)
      }
    }
  }

  /** The question of a box, several where its signs contradict each other, or none. */
  #idsOf({ marks, styles }: Box, label: QuestionId | undefined): QuestionId[] {
    const [style = ''] = styles
    if (marks.length > 0 && label !== undefined && !marks.includes(label)) {
      if (styles.length === 1) return [marks.includes(style) || style === label ? style : label]
      return [...marks, label]
    }
    if (label === undefined) return marks.length > 0 ? marks : styles
    // Words that were pasted bring their style along; a label may have lost its own box.
    const isMoved = marks.length === 0 && styles.length === 1 && style !== label && !this.#sure.has(style)
    return isMoved ? [label, style] : [label]
  }

  /** The questions up to the next one that have no place in the file. */
  #missing(next: Question | undefined): QuestionId[] {
    const from = questionOf(this.#guide, this.#current ?? '')?.position ?? 0
    const between = this.#guide.questions.slice(from, next ? next.position - 1 : undefined)
    return between.flatMap(({ id }) => (this.#sure.has(id) || this.#styled.has(id) ? [] : id))
  }

  #take(piece: Piece, isBelow = false): void {
    const id = this.#current
    if (isBlank(piece.text)) return
    if (id === undefined || id === STRAY) {
      this.#leave(piece, piece.text)
      return
    }
    const pieces = this.#taken.get(id) ?? []
    this.#taken.set(id, pieces)
    pieces.push({ ...piece, text: piece.text.replace(ROOM, '') })
    if (isBelow) this.#below.add(id)
  }

  #leave({ at }: Piece, text: string): void {
    const { name, date } = this.#guide.labels
    const filled = endOf(squeezed(`${name}:`), text, 0)
    if (filled !== undefined && !isBlank(text.slice(filled).replace(`${date}:`, '')))
      this.#reading.told.push(`not taken: the line "${name}"`)
    if (filled !== undefined || isBlank(text)) return
    const where = at ?? (this.#current ? `after ${this.#current}` : 'before the first question')
    this.#reading.left.push({ where, text: text.trim() })
  }

  #note({ remarks = [] }: Piece): void {
    for (const remark of remarks)
      this.#remarks.set(remark, [...(this.#remarks.get(remark) ?? []), this.#current])
  }

  /** Nothing if nothing of the guide was found. */
  reading(): Reading | undefined {
    if (this.#sure.size + this.#styled.size + this.#open.size === 0) return undefined
    const answers = new Map<QuestionId, Answer>()
    const { told, left, unclear, groups } = this.#reading
    const { open, skipped } = this.#guide.labels
    for (const [id, pieces] of this.#taken) {
      const text = normalizeAnswer(joined(pieces))
      const ids = this.#open.get(id)
      const where = `could be ${ids?.join(' or ')}`
      if (ids) left.push({ where, text })
      if (ids) unclear.push({ key: id, ids: [...ids], where, text })
      else if (says(text, skipped)) answers.set(id, { text: '', skipped: true })
      else if (id !== JOTS && !says(text, open)) answers.set(id, { text, skipped: false })
    }
    for (const [remark, ids] of this.#remarks) {
      const places = [...new Set(ids)].filter(id => id !== undefined && !this.#open.has(id))
      if (remark === 'tracked') told.push(`tracked changes in ${places.join(', ')}, taken as accepted`)
      else told.push(`left out: ${counted(ids.length, remark)}`)
    }
    if (this.#below.size > 0)
      told.push(`text below the box of ${[...this.#below].join(', ')}, taken as its answer`)
    for (const [id, boxes] of this.#boxes)
      if (boxes > 1) told.push(`${boxes} boxes for ${id}, taken together`)
    groups.push({ answers, jots: normalizeAnswer(joined(this.#taken.get(JOTS) ?? [])) })
    return this.#reading
  }
}
