import { join, parse } from 'node:path'
import { actionsIn, actionText } from '../domain/actions.ts'
import { count, jotLines, jotsIn, wordCount, words } from '../domain/answers.ts'
import { UserError } from '../domain/errors.ts'
import type { Capture } from '../domain/facilitation.ts'
import { type Question, type QuestionId, questionOf } from '../domain/guide.ts'
import { askOne, reviewEarlier } from '../domain/interview.ts'
import type { Draft, NotesStore } from '../domain/interview-protocol.ts'
import {
  everybody,
  fileOf,
  type Group,
  type Plan,
  PREVIOUS_ACTIONS,
  questionsOfGroup,
  ROOM,
} from '../domain/plan.ts'
import { requireSound } from '../notes/notes.ts'
import { assertWritable } from '../storage/atomic-file.ts'
import { DraftFile, unsavedDrafts } from '../storage/drafts.ts'
import { type NotesFile, notesFile, readNotesFile, setFields } from '../storage/notes-file.ts'
import type { ClosableUi, GroupSummary, SessionServices } from '../ui/session-port.ts'
import type { SessionEnd } from './choose-ui.ts'
import { shareRoom } from './documents.ts'
import { notesStore, resume, sessionServices, tryFlush, withDrafts } from './session.ts'

/** A group with its own notes file. */
export interface GroupNotes {
  /** Undefined where the room is one. */
  group: Group | undefined
  file: NotesFile
  store: NotesStore
  /** What the plan asks it. */
  questions: Question[]
  drafts: DraftFile
  services: SessionServices
}

interface RoomOf {
  plan: Plan
  notesPath: string
  ending: SessionEnd
  editor: string | undefined
}

/** The notes files of a room beside the notes: each group's, `equity-notes-table-1.md`, and the room's own. */
export class RoomNotes {
  readonly #of: RoomOf
  readonly #opened = new Map<string, GroupNotes>()
  /** Which groups a jot has reached that did not reach all. */
  readonly #partly = new Map<string, Set<GroupNotes>>()
  /** What was captured last: where, and what was there before. */
  #last: { table: GroupNotes; question: QuestionId; before: string } | undefined
  tables: readonly GroupNotes[] = []
  /** Where jots without a label go. */
  room!: GroupNotes

  constructor(of: RoomOf) {
    this.#of = of
  }

  /** @throws UserError if one of the files could not be written, or holds other notes. */
  async open(groups: readonly Group[]): Promise<void> {
    const tables = await Promise.all(everybody(groups).map(group => this.#open(group)))
    this.room = groups.length > 0 ? await this.#open(ROOM) : (tables[0] as GroupNotes)
    this.tables = tables
  }

  async #open(group: Group | undefined): Promise<GroupNotes> {
    const { plan, notesPath, ending, editor } = this.#of
    const { dir, name, ext } = parse(notesPath)
    const path = group ? join(dir, `${name}-${fileOf(group)}${ext}`) : notesPath
    const questions = group === ROOM ? [] : questionsOfGroup(plan, group)
    const known = this.#opened.get(path)
    if (known) return Object.assign(known, { group, questions })
    const { guide } = plan
    assertWritable(path)
    const notes = await readNotesFile(path)
    if (notes) requireSound(notes, guide)
    const file = notesFile(path, guide, group && fieldsOf(group, questions))
    // The groups' notes are not the place where the facilitator's own work goes on.
    const store = notesStore(file, async () => {})
    const drafts = new DraftFile(path)
    const services = sessionServices(file, drafts, ending, editor)
    const table = { group, questions, file, store, drafts, services }
    this.#opened.set(path, table)
    return table
  }

  of(group: Group | undefined): GroupNotes {
    const found = this.tables.find(table => table.group?.label === group?.label)
    if (!found) throw new Error(`room notes: there is no group "${group?.label}"`)
    return found
  }

  /** Every change of the groups is in the files that exist; a new file says it from the start. */
  async regroup(groups: readonly Group[]): Promise<void> {
    await this.open(groups)
    for (const table of this.tables) await inFrontMatter(table)
  }

  /**
   * Lets the UI write down what a group says, until it returns to the plan. `taken` is called when the words that were
   * said before are in the draft. @returns whether something was written.
   */
  async capture(capture: Capture, ui: ClosableUi, attended: boolean, taken: () => void): Promise<boolean> {
    const { group, question: id, text } = capture
    const table = this.of(group)
    const { file, store, questions, drafts } = table
    const { guide } = file
    const writing = withDrafts(ui, drafts, false)
    const asking = { guide, order: questions, route: questions, store, attended, ui: writing }
    if (id === PREVIOUS_ACTIONS) return reviewed(asking)
    let question = questionOf(guide, id)
    let said = text
    let wrote = false
    while (question) {
      const answers = await store.answers()
      const before = answers.get(question.id)?.text ?? ''
      this.#last = { table, question: question.id, before }
      const { draft: left } = resume(drafts, guide, [question], answers)
      let draft = left?.question === question.id ? left : undefined
      if (said !== '') {
        const fresh = { question: question.id, opened: before, text: before, caret: before.length }
        draft = begunWith(said, draft ?? fresh)
        said = ''
        drafts.keep(draft, true)
        if (tryFlush(drafts)) taken()
      }
      const reply = await askOne(asking, question, draft)
      wrote ||= (await textAt(table, question.id)) !== before
      question = typeof reply.action === 'object' ? questionOf(guide, reply.action.to) : undefined
    }
    await inFrontMatter(table)
    return wrote
  }

  /** Moves what was captured last to another group or question; what was there before stays. */
  async transfer(to: Omit<Capture, 'text'>): Promise<void> {
    if (!this.#last) throw new UserError('Nothing was captured yet.')
    const { table, question, before } = this.#last
    const now = await textAt(table, question)
    // What was written below it moves alone; what has taken its place moves as it is.
    const below = before === '' || `${now}\n`.startsWith(`${before}\n`)
    const moving = below ? now.slice(before.length).replace(/^\n+/, '') : now
    const target = this.of(to.group)
    if (target === table && to.question === question) return
    const theirs = await textAt(target, to.question)
    const both = theirs === '' ? moving : `${theirs}\n${moving}`
    await target.store.save(to.question, { text: both, skipped: false }, theirs)
    await table.store.save(question, { text: before, skipped: false }, now)
    this.#last = { table: target, question: to.question, before: theirs }
    await inFrontMatter(target)
  }

  /** Saves a jot: at the groups of the element that its label names, else once, for the room. */
  async jot(line: string): Promise<void> {
    const element = jotsIn(this.#of.plan.guide, line)[0]?.question?.element
    const own = element ? this.tables.filter(({ group }) => group?.element?.id === element.id) : []
    const done = this.#partly.get(line) ?? new Set()
    const left = (own.length > 0 ? own : [this.room]).filter(table => !done.has(table))
    const jotted = left.map(table => table.services.jot(line).then(() => done.add(table)))
    const failed = (await Promise.allSettled(jotted)).find(each => each.status === 'rejected')
    this.#partly.delete(line)
    if (!failed) return
    this.#partly.set(line, done)
    throw failed.reason
  }

  /** Saves a note of the room itself, such as what is parked for later. */
  roomNote(line: string): Promise<void> {
    return this.room.services.jot(line)
  }

  given(): Promise<GroupSummary[]> {
    return Promise.all([...new Set([...this.tables, this.room])].map(givenBy))
  }

  async share(plan: string): Promise<string[]> {
    const given = await this.given()
    const paths = given.filter(({ words, jots }) => words + jots > 0).map(({ notesPath }) => notesPath)
    return shareRoom(this.#of.plan.guide, plan, paths)
  }

  async read(group: Group | undefined): Promise<string> {
    const { questions, store, services } = this.of(group)
    const answers = await store.answers()
    const answered = questions.flatMap(({ id }) => (answers.get(id)?.text ? [id] : []))
    if (answered.length === 0) return `${group?.label ?? 'The room'} has written nothing yet.`
    return services.notesToRead(answered, 'aloud')
  }

  /** What was being written for a group when a session broke off, and is not in its notes. */
  async unwritten(): Promise<string[]> {
    const remarks: string[] = []
    for (const { group, file, store } of this.tables) {
      const whose = group ? ` for ${group.label}` : ''
      for (const { question, text } of unsavedDrafts(file.path, await store.answers()))
        remarks.push(
          `Not yet in the notes: what was being written${whose} at ${question} (${wordCount(text)}). Choose Capture to continue it.`,
        )
    }
    return remarks
  }
}

/** Asks what became of the open actions of earlier rounds. @returns whether there were any. */
async function reviewed(asking: Parameters<typeof reviewEarlier>[0]): Promise<boolean> {
  const { guide, store, ui } = asking
  const { actions } = await store.earlier()
  const [question] = guide.action.questions
  if (question && actions.length > 0) await reviewEarlier(asking, question)
  else await ui.show({ kind: 'lead-in', paragraphs: ['No actions are open from earlier rounds.'] })
  return actions.length > 0
}

const textAt = async ({ store }: GroupNotes, id: QuestionId) => (await store.answers()).get(id)?.text ?? ''

const fieldsOf = ({ label }: Group, questions: readonly Question[]) => ({
  group: label,
  asked: questions.map(({ id }) => id),
})

/** The draft with a line that was said before anybody asked. */
function begunWith(said: string, draft: Draft): Draft {
  const text = draft.text === '' ? said : `${draft.text}\n${said}`
  return { ...draft, text, caret: text.length }
}

/** Puts the group, and what the plan asks it, into the front matter of notes that say something else. */
async function inFrontMatter({ group, file, questions }: GroupNotes): Promise<void> {
  const notes = group && (await readNotesFile(file.path))
  if (!notes) return
  const fields = fieldsOf(group, questions)
  if (notes.group !== fields.group || String(notes.asked) !== String(fields.asked))
    await setFields(file, fields)
}

async function givenBy({ group, file, questions }: GroupNotes): Promise<GroupSummary> {
  const notes = await readNotesFile(file.path)
  const answers = notes?.answers ?? new Map()
  const texts = [...answers.values()].map(({ text }) => text)
  const actions = file.guide.action.questions.flatMap(({ id }) => actionsIn(answers.get(id)?.text ?? ''))
  return {
    ...{ group, notesPath: file.path, answered: count(questions, answers).answered },
    words: texts.reduce((sum, text) => sum + words(text), 0),
    jots: jotLines(notes?.jots ?? '').length,
    actions: actions.map(actionText),
  }
}
