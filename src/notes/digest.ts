import { actionsOf, type EarlierAction, holdsBox, type SaidAction } from '../domain/actions.ts'
import { type State, stateOf } from '../domain/answers.ts'
import { type Guide, hashOf, type QuestionId } from '../domain/guide.ts'
import type { Notes } from './notes.ts'

/*
 * Many notes, one digest. Files come one at a time; of each only what the digest says is kept, and the texts
 * go to a store that need not be memory.
 */

/** Stands in digests that are Markdown, so that one among the files to combine is known for what it is. */
export const DIGEST_MARK =
  '<!-- A digest by pl-stories combine. To bring it up to date, combine the notes again. -->'
export const isDigest = (text: string) => text.includes(`\n${DIGEST_MARK}`)

/** Keeps texts until they are told. */
export interface TextStore {
  /** Takes a text, to be told beside others of its kind. @returns where it is found again. */
  put(text: string, beside: string): number
  get(at: number): string
}

/** What one group says, in notes or in any other file. */
export interface Said extends Pick<Notes, 'answers' | 'jots'> {
  guide?: string | undefined
  group?: string | undefined
  asked?: readonly QuestionId[] | undefined
  previous?: string | undefined
  /** Tells it from the others of its file. */
  row?: number | undefined
}

/** Takes in what groups say, one file after the other. */
export interface Gathering {
  add(path: string, said: Said, label: string | undefined, guide: Guide): void
  /** Takes in the actions of the rounds before the notes that came last. */
  addEarlier?(actions: readonly EarlierAction[]): void
  /** Forgets notes that turn out to be of an earlier round. */
  remove?(path: string): void
}

/** An action of a digest; `since` tells the earlier round that is its home. */
export type DigestAction = Omit<SaidAction, 'line' | 'words'> & Pick<EarlierAction, 'since'>

/** What somebody said to one question; without a name in an anonymous digest. */
export interface GroupResponse {
  who?: string | undefined
  text: string
}

/** The notes of one group, as far as a digest shows them. */
interface Group {
  path: string
  /** What the person who combines calls it, else what the notes say. */
  name?: string | undefined
  guide?: string
  /** The ids that were asked of it, where not all were. */
  asked?: ReadonlySet<QuestionId>
  /** It is an earlier round of another one. */
  removed?: boolean
}

/**
 * Who said something to one question, in columns: which group, and where its text is, or that it was skipped. An object
 * for each of 200,000 answers would take ten times the memory.
 */
interface Column extends Record<'groups' | 'texts', number[]> {
  /** Whether a text holds a box, so that the others need not be fetched to look for actions. */
  holdsBox: boolean
}
const emptyColumn = (): Column => ({ groups: [], texts: [], holdsBox: false })

/** What was gathered. */
interface Gathered {
  texts: TextStore
  groups: readonly Group[]
  columns: ReadonlyMap<QuestionId, Column>
}

const SKIPPED = -1
/** Where jots are kept; no question has such an id. */
const JOTS = ''
const EARLIER = ' earlier actions'

export class DigestBuilder implements Gathering {
  readonly #texts: TextStore
  readonly #groups: Group[] = []
  readonly #columns = new Map<QuestionId, Column>()
  readonly #ids = new Map<QuestionId, QuestionId>()

  constructor(texts: TextStore) {
    this.#texts = texts
  }

  add(path: string, said: Said, label?: string, on?: Guide): void {
    const name = label ?? said.group
    const guide = on?.id ?? said.guide
    const group = this.#groups.push({
      path,
      ...(name !== undefined && { name: detached(name) }),
      ...(guide !== undefined && { guide: this.#id(guide) }),
      ...(said.asked && { asked: new Set(said.asked.map(id => this.#id(id))) }),
    })
    for (const [id, { text }] of said.answers)
      if (stateOf(said.answers, id) !== 'open') this.#keep(group - 1, id, text)
    if (said.jots !== '') this.#keep(group - 1, JOTS, said.jots)
  }

  addEarlier(actions: readonly EarlierAction[]): void {
    const shown = JSON.stringify(actions, ['id', 'what', 'who', 'when', 'state', 'since'])
    if (actions.length > 0) this.#keep(this.#groups.length - 1, EARLIER, shown)
  }

  remove(path: string): void {
    for (const group of this.#groups) if (group.path === path) group.removed = true
  }

  /** The guide that most of the notes name; the earlier one of two that as many name. */
  guide(): string | undefined {
    const votes = timesOf(this.#groups.flatMap(({ guide }) => guide ?? []))
    return [...votes].sort((a, b) => b[1] - a[1])[0]?.[0]
  }

  /** The paths of notes that name another guide, each with that guide's id. */
  ofOthers(guide: Guide): { path: string; guide: string }[] {
    return this.#groups.flatMap(({ path, guide: named, removed }) =>
      removed || named === undefined || named === guide.id ? [] : [{ path, guide: named }],
    )
  }

  /** What the groups say on this guide; notes on others are left out. */
  digest(guide: Guide, anonymous: boolean): Digest {
    return new Digest(guide, anonymous, { texts: this.#texts, groups: this.#groups, columns: this.#columns })
  }

  #keep(group: number, id: QuestionId, text: string): void {
    const column = this.#columns.get(id) ?? emptyColumn()
    this.#columns.set(this.#id(id), column)
    column.holdsBox ||= holdsBox(text)
    column.groups.push(group)
    column.texts.push(text === '' ? SKIPPED : this.#texts.put(text, id))
  }

  #id(id: QuestionId): QuestionId {
    const own = this.#ids.get(id) ?? detached(id)
    this.#ids.set(own, own)
    return own
  }
}

/** What many groups said, question by question. Texts are fetched as they are asked for. */
export class Digest {
  readonly guide: Guide
  readonly anonymous: boolean
  /**
   * How many groups there are, and what they are called, in the order they were given; no names if anonymous. Notes of
   * the whole room, which are asked nothing, are no group.
   */
  readonly size: number
  readonly names: readonly string[]
  /** What each group is called, by its number; only groups whose notes are on this guide. */
  readonly #labels: ReadonlyMap<number, string>
  readonly #all: Gathered
  readonly #states = new Map<QuestionId, States>()

  constructor(guide: Guide, anonymous: boolean, all: Gathered) {
    const { groups, columns } = all
    const isOn = ({ removed, guide: named = guide.id }: Group) => !removed && named === guide.id
    const numbers = [...groups.entries()].flatMap(([at, group]) => (isOn(group) ? [at] : []))
    const labels = labelsOf(groups.filter(isOn))
    this.guide = guide
    this.anonymous = anonymous
    this.#all = all
    this.#labels = new Map(numbers.map((at, i) => [at, labels[i] ?? '']))
    const heard = new Set(
      [...columns].flatMap(([id, { groups }]) => (id === JOTS || id === EARLIER ? [] : groups)),
    )
    const asked = numbers.filter(at => groups[at]?.asked?.size !== 0 || heard.has(at))
    const counted = asked.length > 0 ? asked : numbers
    this.size = counted.length
    this.names = this.#namesOf(counted)
  }

  /**
   * What was said to a question, group by group, the first of them with so many before it that answered; if
   * anonymous, in an order of the question's own.
   */
  *answers(id: QuestionId, first = 0): Generator<GroupResponse> {
    const { answered, texts } = this.#statesOf(id)
    for (const i of texts.keys()) {
      const at = (first + i) % texts.length
      const who = this.anonymous ? undefined : this.#labels.get(answered[at] ?? 0)
      yield { who, text: this.#all.texts.get(texts[at] ?? SKIPPED) }
    }
  }

  get hasJots(): boolean {
    return this.count(JOTS, 'answered') > 0
  }

  /** What was noted while watching. */
  jots(): Generator<GroupResponse> {
    return this.answers(JOTS)
  }

  get hasEarlier(): boolean {
    return this.count(EARLIER, 'answered') > 0
  }

  /** What is still open from earlier rounds, what is new, and what has been done or dropped. */
  *actions(): Generator<DigestAction> {
    yield* this.#earlier(true)
    const kinds = new Map(this.guide.questions.map(({ id, kind }) => [id, kind]))
    const mayHold = (id: QuestionId) => kinds.get(id) === 'action' || this.#column(id).holdsBox
    yield* actionsOf(this.guide, id => (mayHold(id) ? this.answers(id) : []))
    yield* this.#earlier(false)
  }

  *#earlier(open: boolean): Generator<DigestAction> {
    for (const { who, text } of this.answers(EARLIER))
      for (const action of JSON.parse(text) as DigestAction[])
        if ((action.state === 'open') === open) yield { ...action, from: who }
  }

  /** How many groups have left a question in this state. */
  count(id: QuestionId, state: State): number {
    return this.#statesOf(id)[state].length
  }

  /** Which groups have; none if anonymous. */
  who(id: QuestionId, state: State): string[] {
    return this.#namesOf(this.#statesOf(id)[state])
  }

  /** Whether the question was put to a group, or one said something to it all the same. */
  isAsked(id: QuestionId): boolean {
    return this.#asked(id) > 0
  }

  /** How many groups a question was put to, and their names, where it was not put to all who were asked something. */
  askedOnly(id: QuestionId): { count: number; names: string[] } | undefined {
    const count = this.#asked(id)
    if (count === 0 || count === this.size) return undefined
    const { answered, skipped, open } = this.#statesOf(id)
    const numbers = [...answered, ...skipped, ...open].sort((a, b) => a - b)
    return { count, names: this.#namesOf(numbers) }
  }

  /** What groups answered and the guide does not ask. */
  strayIds(): QuestionId[] {
    const known = new Set([JOTS, EARLIER, ...this.guide.questions.map(({ id }) => id)])
    return [...this.#all.columns.keys()].filter(id => !known.has(id) && this.count(id, 'answered') > 0).sort()
  }

  /** How many groups a question was put to, or said something to it all the same. */
  #asked(id: QuestionId): number {
    const { answered, skipped, open } = this.#statesOf(id)
    return answered.length + skipped.length + open.length
  }

  #column = (id: QuestionId) => this.#all.columns.get(id) ?? emptyColumn()

  #namesOf(numbers: readonly number[]): string[] {
    return this.anonymous ? [] : numbers.map(at => this.#labels.get(at) ?? '')
  }

  /** What became of a question. Open it is for groups that were asked and have not said anything. */
  #statesOf(id: QuestionId): States {
    const before = this.#states.get(id)
    if (before) return before
    const { groups, texts } = this.#column(id)
    const heard = new Set(groups)
    const states: States = { answered: [], texts: [], skipped: [], open: [] }
    for (const [at, group] of groups.entries()) {
      const text = texts[at] ?? SKIPPED
      if (!this.#labels.has(group)) continue
      states[text === SKIPPED ? 'skipped' : 'answered'].push(group)
      if (text !== SKIPPED) states.texts.push(text)
    }
    if (this.anonymous) this.#shuffle(id, states.texts)
    for (const group of this.#labels.keys())
      if (!heard.has(group) && (this.#all.groups[group]?.asked?.has(id) ?? true)) states.open.push(group)
    this.#states.set(id, states)
    return states
  }

  /**
   * The order follows from the texts and the question alone. So it tells nothing that the texts themselves do not tell:
   * neither the order of the files nor their names go into it, and each question has its own order.
   */
  #shuffle(id: QuestionId, places: number[]): void {
    const text = (place: number) => this.#all.texts.get(place)
    const order = new Map(places.map(place => [place, hashOf(`${id}\n${text(place)}`)]))
    places.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0) || (text(a) < text(b) ? -1 : 1))
  }
}

/** Which groups have left a question in each state, and where the texts of those who answered it are. */
type States = Record<State | 'texts', number[]>

/** How often each of some words comes, in the order in which they come first. */
function timesOf(words: readonly string[]): Map<string, number> {
  const times = new Map<string, number>()
  for (const word of words) times.set(word, (times.get(word) ?? 0) + 1)
  return times
}

/** The text in memory of its own: a part of a file's text would keep the whole file's in memory. */
const detached = (text: string): string => JSON.parse(JSON.stringify(text)) as string

/** A group among others: what it calls itself, if it does, and the path of its notes. */
export type Named = Pick<Group, 'name' | 'path'>

/**
 * What to call each group: its own name, else that of its file. Where two would be called the same, the file's name
 * is added, and as many of its folders as tell them apart.
 */
export function labelsOf(groups: readonly Named[]): string[] {
  let labels = groups.map(group => label(group, 0))
  for (let depth = 1; ; depth++) {
    const before = labels
    const shared = labelsOfSeveral(groups, before)
    labels = groups.map((group, i) => {
      const now = before[i] ?? ''
      return shared.has(now) ? label(group, depth) : now
    })
    if (labels.every((each, i) => each === before[i])) return distinct(labels)
  }
}

/** Labels that groups of different files have. Those of one file are not told apart by its folders. */
function labelsOfSeveral(groups: readonly Named[], labels: readonly string[]): Set<string> {
  const paths = new Map<string, string>()
  const shared = new Set<string>()
  for (const [i, { path }] of groups.entries()) {
    const label = labels[i] ?? ''
    if ((paths.get(label) ?? path) !== path) shared.add(label)
    paths.set(label, path)
  }
  return shared
}

/** Names that are the same, or are spelt otherwise and look alike, are numbered. */
function distinct(labels: readonly string[]): string[] {
  const times = new Map<string, number>()
  const taken = new Set<string>()
  const numbered = (label: string, time: number) => (time === 1 ? label : `${label} (${time})`)
  return labels.map(label => {
    let time = (times.get(label.normalize()) ?? 0) + 1
    while (taken.has(numbered(label, time).normalize())) time++
    times.set(label.normalize(), time)
    taken.add(numbered(label, time).normalize())
    return numbered(label, time)
  })
}

function label({ name, path }: Named, depth: number): string {
  const parts = path.replace(/\.[a-z]{2,8}$/i, '').split(/[\\/]/)
  const tail = (length: number) => parts.slice(-length).join('/')
  if (name === undefined) return depth === 0 ? titled(tail(1)) : tail(depth + 1)
  return depth === 0 ? name : `${name} (${tail(depth)})`
}

/** `equity-notes-table-1` as people say it: `Table 1`. */
function titled(fileName: string): string {
  const [, first = '', rest = '', number] =
    /^(?:.*\b(?:notes|handout)[-_ ])?(\p{L})([\p{L}\p{M}]+)[-_ ](\d{1,3})$/iu.exec(fileName) ?? []
  return number === undefined ? fileName : `${first.toUpperCase()}${rest} ${number}`
}
