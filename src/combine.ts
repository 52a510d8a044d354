import { type State, stateOf } from './answers.ts'
import type { Guide, QuestionId } from './guide.ts'
import { labelsOf } from './labels.ts'
import type { Notes } from './notes.ts'

/*
 * Many notes, one digest. Files come one at a time; of each only what the digest says is kept, and the texts
 * go to a store that need not be memory.
 */

/** Keeps texts until they are told. */
export interface TextStore {
  /** @returns where the text is found again. */
  put(text: string): number
  get(at: number): string
}

/** What somebody said to one question; without a name in an anonymous digest. */
export interface Spoken {
  who?: string
  text: string
}

interface Kept {
  state: State
  /** Where its text is; none where it was skipped. */
  at?: number
  /** Its place in an anonymous digest. */
  order: number
}

/** The notes of one group, as far as a digest tells of them. */
interface Group {
  path: string
  /** What the person who combines calls it, else what the notes say. */
  name?: string
  guide?: string
  answers: Map<QuestionId, Kept>
  jots?: Kept
}

/** Takes notes in, one file after the other. */
export class Gathering {
  readonly #texts: TextStore
  readonly #groups: Group[] = []
  readonly #paths = new Map<string, string>()
  readonly #ids = new Map<QuestionId, QuestionId>()

  constructor(texts: TextStore) {
    this.#texts = texts
  }

  /**
   * Takes sound notes in. Blank forms are no copies of each other: two groups may well have written nothing.
   * @returns the path of the file that this one is a copy of, byte for byte; then it was not taken in.
   */
  add(path: string, notes: Notes, label?: string): string | undefined {
    const spoken = [...notes.answers].filter(([id]) => stateOf(notes.answers, id) !== 'open')
    if (spoken.length > 0 || notes.jots !== '') {
      const print = `${notes.source.text.length} ${mixed(notes.source.text)}`
      const first = this.#paths.get(print)
      if (first !== undefined) return first
      this.#paths.set(print, path)
    }
    const name = label ?? notes.group
    this.#groups.push({
      path,
      ...(name !== undefined && { name: detached(name) }),
      ...(notes.guide !== undefined && { guide: this.#id(notes.guide) }),
      answers: new Map(
        spoken.map(([id, { text }]) => [this.#id(id), this.#keep(id, text, stateOf(notes.answers, id))]),
      ),
      ...(notes.jots !== '' && { jots: this.#keep('jots', notes.jots, 'answered') }),
    })
    return undefined
  }

  /** The guide that most of the notes name; the earlier one of two that as many name. */
  guide(): string | undefined {
    const votes = new Map<string, number>()
    for (const { guide } of this.#groups)
      if (guide !== undefined) votes.set(guide, (votes.get(guide) ?? 0) + 1)
    return [...votes].sort((a, b) => b[1] - a[1])[0]?.[0]
  }

  /** The paths of notes that name another guide, each with that guide's id. */
  ofOthers(guide: Guide): { path: string; guide: string }[] {
    return this.#groups.flatMap(({ path, guide: named }) =>
      named === undefined || named === guide.id ? [] : [{ path, guide: named }],
    )
  }

  /** What the groups say on this guide; notes on others are left out. */
  digest(guide: Guide, anonymous: boolean): Digest {
    const groups = this.#groups.filter(({ guide: named }) => named === undefined || named === guide.id)
    return new Digest(guide, groups, this.#texts, anonymous)
  }

  #keep(id: QuestionId, text: string, state: State): Kept {
    if (state !== 'answered') return { state, order: 0 }
    return { state, at: this.#texts.put(text), order: mixed(`${id}\n${text}`) }
  }

  #id(id: QuestionId): QuestionId {
    const known = this.#ids.get(id)
    if (known !== undefined) return known
    const own = detached(id)
    this.#ids.set(own, own)
    return own
  }
}

/** What many groups said, question by question. Texts are fetched as they are asked for. */
export class Digest {
  readonly guide: Guide
  readonly anonymous: boolean
  /** How many groups there are, and what they are called, in the order they were given; no names if anonymous. */
  readonly size: number
  readonly names: readonly string[]
  readonly #groups: readonly Group[]
  readonly #texts: TextStore

  constructor(guide: Guide, groups: readonly Group[], texts: TextStore, anonymous: boolean) {
    this.guide = guide
    this.anonymous = anonymous
    this.size = groups.length
    this.names = anonymous ? [] : labelsOf(groups)
    this.#groups = groups
    this.#texts = texts
  }

  /** What was said to a question, group by group; if anonymous, in an order of the question's own. */
  *answers(id: QuestionId): Generator<Spoken> {
    yield* this.#spoken(({ answers }) => answers.get(id))
  }

  /** What was noted while watching. */
  *jots(): Generator<Spoken> {
    yield* this.#spoken(({ jots }) => jots)
  }

  /** How many groups have left a question in this state. */
  count(id: QuestionId, state: State): number {
    return this.#in(id, state).length
  }

  /** Which groups have; none if anonymous. */
  who(id: QuestionId, state: State): string[] {
    return this.anonymous ? [] : this.#in(id, state).map(at => this.names[at] ?? '')
  }

  /** What groups answered and the guide does not ask. */
  strayIds(): QuestionId[] {
    const known = new Set(this.guide.questions.map(({ id }) => id))
    const all = new Set(
      this.#groups.flatMap(({ answers }) => [...answers.keys()].filter(id => !known.has(id))),
    )
    return [...all].sort()
  }

  #in(id: QuestionId, state: State): number[] {
    return this.#groups.flatMap(({ answers }, at) =>
      (answers.get(id)?.state ?? 'open') === state ? [at] : [],
    )
  }

  *#spoken(of: (group: Group) => Kept | undefined): Generator<Spoken> {
    const spoken = this.#groups.flatMap((group, i) => {
      const kept = of(group)
      return kept?.at === undefined ? [] : [{ who: this.names[i] ?? '', at: kept.at, order: kept.order }]
    })
    if (!this.anonymous) {
      for (const { who, at } of spoken) yield { who, text: this.#texts.get(at) }
      return
    }
    // The order follows from the texts and the question alone. So it tells nothing that the texts themselves do
    // not tell: neither the order of the files nor their names go into it, and another question orders anew.
    const text = (at: number) => this.#texts.get(at)
    spoken.sort((a, b) => a.order - b.order || (text(a.at) < text(b.at) ? -1 : 1))
    for (const { at } of spoken) yield { text: text(at) }
  }
}

/** The text in memory of its own: a part of a file's text would keep the whole file's in memory. */
function detached(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string
}

/** A number of 53 bits for a text, the same at any time and on any machine (cyrb53, in the public domain). */
function mixed(text: string): number {
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    high = Math.imul(high ^ unit, 2654435761)
    low = Math.imul(low ^ unit, 1597334677)
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  return 4294967296 * (2097151 & low) + (high >>> 0)
}
