import { dirname, join, parse } from 'node:path'
import { count, jotLines, jotsIn, wordCount, words } from '../domain/answers.ts'
import { stripControls, UserError } from '../domain/errors.ts'
import {
  type Capture,
  type FacilitationState,
  type FacilitationStore,
  fitted,
  isClosed,
  MINUTE,
  newState,
  type Room,
  runFacilitation,
  settled,
} from '../domain/facilitation.ts'

import { type Question, questionOf } from '../domain/guide.ts'
import { askOne, type Draft, type NotesStore } from '../domain/interview.ts'

import {
  type Group,
  groupsNamed,
  nameOf,
  type Plan,
  questionsAsked,
  saidLater,
  timeOfDay,
} from '../domain/plan.ts'
import { requireSound } from '../notes/notes.ts'
import { assertWritable, realTarget } from '../storage/atomic-file.ts'
import type { PlanFile } from '../storage/catalog.ts'
import { DraftFile, unsavedDrafts } from '../storage/drafts.ts'
import { type KeptSession, lastTimes, SessionFile } from '../storage/facilitation-state.ts'
import { addJots, type NotesFile, notesFile, readNotesFile } from '../storage/notes-file.ts'
import type { ClosableUi, FacilitationServices, GroupSummary, SessionServices } from '../ui/session-port.ts'
import type { FacilitationUis } from './choose-ui.ts'
import { shareRoom } from './collect.ts'
import { notesStore } from './notes-store.ts'
import {
  flushOrPrint,
  resume,
  type SessionEnd,
  sessionEnd,
  sessionServices,
  tryFlush,
  withDrafts,
} from './session.ts'

/** A group with its own notes file. */
export interface GroupNotes {
  /** Undefined where the room is one. */
  group: Group | undefined
  file: NotesFile
  desk: NotesStore
  /** What the plan asks it. */
  questions: Question[]
  target: string
  drafts: DraftFile
}

/**
 * The notes files of the groups, beside the notes: `equity-notes-table-1.md`.
 * @throws UserError if one of them could not be written, or holds other notes.
 */
export async function openGroupNotes(
  plan: Plan,
  groups: readonly Group[],
  notesPath: string,
): Promise<[GroupNotes, ...GroupNotes[]]> {
  const all = groups.length > 0 ? groups : [undefined]
  const tables = await Promise.all(
    all.map(async group => {
      const path = group ? groupPath(notesPath, group) : notesPath
      assertWritable(path)
      const notes = await readNotesFile(path)
      if (notes) requireSound(notes, plan.guide)
      const target = realTarget(path)
      return {
        group,
        file: notesFile(path, plan.guide, { group: group?.label }),
        // The groups' notes are not the place where the facilitator's own work goes on.
        desk: notesStore(
          { path, guide: plan.guide, ...(notes && { notes }) },
          { group: group?.label },
          async () => {},
        ),
        questions: plan.guide.questions.filter(question =>
          plan.steps.some(step => questionsAsked(step, group).includes(question)),
        ),
        target,
        drafts: new DraftFile(target),
      }
    }),
  )
  return tables as [GroupNotes, ...GroupNotes[]]
}

function groupPath(notesPath: string, { label }: Group): string {
  const { name, ext } = parse(notesPath)
  return join(dirname(notesPath), `${name}-${nameOf(label)}${ext}`)
}

interface LeadWish {
  editor: string | undefined
  clock: () => number
  ofDay: ClockOfDay
  /** The plan's name, after which what is shared is called. */
  plan: string
}

/** The session as faces see it. The writing face serves the group that something is being captured for. */
export function facilitationServices(
  tables: readonly [GroupNotes, ...GroupNotes[]],
  ending: SessionEnd,
  { editor, clock, ofDay, plan }: LeadWish,
): FacilitationServices & { turnTo(table: GroupNotes): void } {
  const sittings = new Map(
    tables.map(table => [table, sessionServices(table.file, table.drafts, table.target, ending, editor)]),
  )
  let at: GroupNotes = tables[0]
  const sitting = () => sittings.get(at) as SessionServices
  return {
    get notesPath() {
      return at.file.path
    },
    saveDraft: (draft, now) => sitting().saveDraft(draft, now),
    flush: () => sitting().flush(),
    // Always in one place, whichever group it turns out to be for.
    saveScratch: (text, question = tables[0].questions[0]?.id) =>
      sittings.get(tables[0])?.saveScratch(text, question),
    notesToRead: (selectors, form) => sitting().notesToRead(selectors, form),
    edit: (text, above, closed) => sitting().edit(text, above, closed),
    leaving: ending.leaving,
    stop: ending.stop,
    clock,
    ...ofDay,
    turnTo(table) {
      at = table
    },
    jot: jotsOf(tables),
    given: () => Promise.all(tables.map(givenBy)),
    async share() {
      const given = await Promise.all(tables.map(givenBy))
      const paths = given.filter(({ words, jots }) => words + jots > 0).map(({ notesPath }) => notesPath)
      return shareRoom({ guide: tables[0].file.guide, plan, paths })
    },
    async read(group) {
      const { file, questions } = tables.find(each => each.group === group) ?? tables[0]
      const notes = await readNotesFile(file.path)
      const answered = questions.filter(({ id }) => notes?.answers.get(id)?.text)
      if (!notes || answered.length === 0) return `${group?.label ?? 'The room'} has written nothing yet.`
      const { partToRead } = await import('../export/guide-document.ts')
      return stripControls(partToRead(file.guide, notes.answers, answered, 'aloud'))
    },
  }
}

/** Keeps jots in the notes of their groups. Tried again, a jot goes to those alone that do not have it yet. */
function jotsOf(tables: readonly [GroupNotes, ...GroupNotes[]]): SessionServices['jot'] {
  const partly = new Map<string, Set<GroupNotes>>()
  return async line => {
    const done = partly.get(line) ?? new Set()
    let trouble: unknown
    for (const table of tablesFor(tables, line)) {
      if (done.has(table)) continue
      try {
        await addJots(table.file, [line])
        done.add(table)
      } catch (error) {
        trouble ??= error
      }
    }
    if (trouble === undefined) return void partly.delete(line)
    partly.set(line, done)
    throw trouble
  }
}

/** A jot goes to the groups of its element; one without a label to all, for each of them may need it. */
function tablesFor(tables: readonly [GroupNotes, ...GroupNotes[]], line: string): readonly GroupNotes[] {
  const [jot] = jotsIn(tables[0].file.guide, line)
  const element = jot?.question?.element
  const own = element ? tables.filter(({ group }) => group?.element?.id === element.id) : []
  return own.length > 0 ? own : tables
}

async function givenBy({ group, file, questions }: GroupNotes): Promise<GroupSummary> {
  const notes = await readNotesFile(file.path)
  const answers = notes?.answers ?? new Map()
  const texts = [...answers.values()].map(({ text }) => text)
  return {
    group,
    notesPath: file.path,
    answered: count(questions, answers).answered,
    words: texts.reduce((sum, text) => sum + words(text), 0),
    jots: jotLines(notes?.jots ?? '').length,
  }
}

/** What was being written for a group when a session broke off, and is not in its notes. */
export async function unwritten({ group, file, desk }: GroupNotes): Promise<string[]> {
  const drafts = unsavedDrafts(file.path, await desk.answers())
  const whose = group ? ` for ${group.label}` : ''
  return drafts.map(
    ({ question, text }) =>
      `Not yet in the notes: what was being written${whose} at ${question} (${wordCount(text)}). Capture there goes on with it.`,
  )
}

/** Lets the face write down what a group says, until it goes back to the plan. */
export async function captureAt(
  { file, desk, questions, target, drafts }: GroupNotes,
  { question: id, text }: Capture,
  face: ClosableUi,
  { attended, taken }: { attended: boolean; taken: () => void },
): Promise<void> {
  const { guide } = file
  const asking = { guide, order: questions, route: questions, store: desk, attended }
  let question = questionOf(guide, id)
  let said = text
  while (question) {
    const answers = await desk.answers()
    const { draft: left } = resume(target, guide, [question], answers, drafts)
    const opened = answers.get(question.id)?.text ?? ''
    const fresh = { question: question.id, opened, text: opened, caret: opened.length }
    const here = left?.question === question.id ? left : undefined
    const draft = said === '' ? here : begunWith(said, here ?? fresh)
    if (draft && said !== '') {
      drafts.keepNow(draft)
      if (tryFlush(drafts)) taken()
    }
    said = ''
    const reply = await askOne({ ...asking, ui: withDrafts(face, drafts, false) }, question, draft)
    question = typeof reply.action === 'object' ? questionOf(guide, reply.action.to) : undefined
  }
}

/** The draft with a line that was said before anybody asked. */
function begunWith(said: string, draft: Draft): Draft {
  const text = draft.text === '' ? said : `${draft.text}\n${said}`
  return { ...draft, text, caret: text.length }
}

/** How often a running clock is written down, so that a crash is told from a break. */
const HEARTBEAT_MS = 15_000

export interface RoomOptions {
  group?: string[] | undefined
  until?: string | undefined
  editor?: string | undefined
  /** Milliseconds. */
  clock(): number
}

export type OpenRoom = Awaited<ReturnType<typeof openRoom>>

/**
 * The room as it was left, or a new one, with a notes file for every group.
 * @throws UserError before anybody is asked anything, if it could not be led.
 */
export async function openRoom({ name, plan }: PlanFile, notesPath: string, wish: RoomOptions) {
  const { clock, editor, until } = wish
  const file = new SessionFile(notesPath, name)
  const kept = await file.read()
  const twelve = until === undefined ? kept?.twelve === true : /m\.?$/i.test(until.trim())
  const ofDay = clockOfDay(clock, twelve)
  const open = kept !== undefined && kept.leading.startedAt !== undefined && !isClosed(kept.leading)
  const groups = wish.group || !open ? groupsNamed(plan, wish.group ?? []) : groupsKept(plan, kept)
  const before = open ? kept.before : lastTimes(kept)
  const end =
    until === undefined
      ? open
        ? stillAhead(kept.leading.until, clock())
        : undefined
      : ofDay.momentOf(until, open)
  const leading = {
    ...(open ? fitted(kept.leading, plan) : newState(plan)),
    until: end,
    // Another end of the meeting is none that the room has agreed to run over.
    ...(until !== undefined && { over: 0 }),
  }
  const tables = await openGroupNotes(plan, groups, notesPath)
  const ending = sessionEnd()
  const sitting = facilitationServices(tables, ending, { editor, clock, ofDay, plan: name })
  const room: Room = { plan, groups, leading }
  const keep = (now: FacilitationState) =>
    file.write({
      leading: now,
      groups: groups.map(({ label, element }) => ({ label, ...(element && { element: element.id }) })),
      ...(before && { before }),
      ...(ofDay.isTwelve() && { twelve: true }),
    })
  return { room, tables, sitting, keep, ending, remarks: (await Promise.all(tables.map(unwritten))).flat() }
}

function groupsKept({ guide }: Plan, { groups }: KeptSession): Group[] {
  return groups.map(({ label, element: id }) => {
    const element = guide.stories.elements.find(each => each.id === id)
    return { label, ...(element && { element }) }
  })
}

/** Yesterday's end of the meeting is none of today's. */
const stillAhead = (until: number | undefined, now: number) =>
  until !== undefined && until > now - 60 * MINUTE ? until : undefined

/** Leads the room until the facilitator leaves. Whatever happens, the clock and every word are kept. */
export async function leadSession(
  { room, tables, sitting, keep, ending }: OpenRoom,
  { leading: face, writing }: FacilitationUis,
  attended: boolean,
): Promise<FacilitationState> {
  let latest = room.leading
  const desk: FacilitationStore = {
    clock: sitting.clock,
    async keep(leading) {
      latest = leading
      await keep(leading)
    },
    async capture(capture) {
      const table = tables.find(({ group }) => group === capture.group)
      if (!table) throw new Error('leadRoom: something was captured for a group that is not in the room')
      sitting.turnTo(table)
      await captureAt(table, capture, writing, { attended, taken: () => sitting.saveScratch('') })
    },
  }
  const heartbeat = setInterval(() => {
    // The next beat, or the next move, tells what went wrong.
    if (latest.since !== undefined) keep(settled(latest, sitting.clock())).catch(() => {})
  }, HEARTBEAT_MS)
  try {
    const leading = await runFacilitation(room, face, desk)
    await writing.close()
    return leading
  } catch (error) {
    await writing.close()
    ending.flush()
    for (const { drafts } of tables) flushOrPrint(drafts)
    throw error
  } finally {
    clearInterval(heartbeat)
    ending.end()
  }
}

/** A time further off than this has most likely passed, or was meant for the afternoon. */
const MOST_HOURS = 12
/** No room runs over by more than this. */
const MOST_OVER_HOURS = 6

/** Moments as times of the day here. Who says a time with am or pm is answered so. */
export interface ClockOfDay extends Pick<FacilitationServices, 'timeOf'> {
  /** `running`: the room is under way, so a time that has just passed is today's. */
  momentOf(word: string, running?: boolean): number
  /** Whether people here say times with am and pm. */
  isTwelve(): boolean
}

export function clockOfDay(clock: () => number, twelve: boolean): ClockOfDay {
  let half = twelve
  return {
    timeOf(ms) {
      const date = new Date(ms)
      return saidLater({ minutes: date.getHours() * 60 + date.getMinutes(), twelve: half }, 0)
    },
    momentOf(word, running = false) {
      const time = timeOfDay(word)
      const moment = new Date(clock())
      moment.setHours(0, time.minutes, 0, 0)
      const over = running ? MOST_OVER_HOURS * 3_600_000 : 0
      if (moment.getTime() <= clock() - over) moment.setDate(moment.getDate() + 1)
      const far = moment.getTime() - clock() > MOST_HOURS * 3_600_000
      if (far && (time.twelve || time.minutes >= 12 * 60))
        throw new UserError(`"${word}" has passed, or is more than ${MOST_HOURS} hours away.`)
      if (far)
        throw new UserError(
          `"${word}" is more than ${MOST_HOURS} hours away. Do you mean the afternoon, as in 4:30pm or 16:30?`,
        )
      half ||= time.twelve
      return moment.getTime()
    },
    isTwelve: () => half,
  }
}
