import { dirname, join, parse } from 'node:path'
import { count, wordCount, words } from '../domain/answers.ts'
import { printable } from '../domain/errors.ts'
import type { Desk, Draft } from '../domain/face.ts'
import type { Capture } from '../domain/facilitation.ts'
import { type Question, questionOf } from '../domain/guide.ts'
import { askOne } from '../domain/interview.ts'
import { jotsIn } from '../domain/jots.ts'
import { asked, type Group, nameOf, type Walkthrough } from '../domain/plan.ts'
import { requireSound } from '../notes/notes.ts'
import { assureWritable, realTarget } from '../storage/atomic-file.ts'
import { DraftFile } from '../storage/drafts.ts'
import { unsavedDrafts } from '../storage/left-behind.ts'
import { addJots, type NotesFile, notesFile, readNotesFile } from '../storage/notes-file.ts'
import type { GroupGave, LeadSitting } from '../ui/lead-sitting.ts'
import type { OpenFace, Sitting } from '../ui/session-port.ts'
import type { ClockOfDay } from './clock-of-day.ts'
import type { SessionEnd } from './ending.ts'
import { deskOf } from './notes-store.ts'
import { remembering, resume, sittingAt, tryFlush } from './session.ts'
import { shareRoom } from './share.ts'

/** A group with its own notes file. */
export interface Table {
  /** Undefined where the room is one. */
  group: Group | undefined
  file: NotesFile
  desk: Desk
  /** What the plan asks it. */
  questions: Question[]
  target: string
  drafts: DraftFile
}

/**
 * The notes files of the groups, beside the notes: `equity-notes-table-1.md`.
 * @throws UserError if one of them could not be written, or holds other notes.
 */
export async function openTables(
  plan: Walkthrough,
  groups: readonly Group[],
  notesPath: string,
): Promise<[Table, ...Table[]]> {
  const all = groups.length > 0 ? groups : [undefined]
  const tables = await Promise.all(
    all.map(async group => {
      const path = group ? groupPath(notesPath, group) : notesPath
      assureWritable(path)
      const notes = await readNotesFile(path)
      if (notes) requireSound(notes, plan.guide)
      const target = realTarget(path)
      return {
        group,
        file: notesFile(path, plan.guide, { group: group?.label }),
        // The groups' notes are not the place where the facilitator's own work goes on.
        desk: deskOf(
          { path, guide: plan.guide, ...(notes && { notes }) },
          { group: group?.label },
          async () => {},
        ),
        questions: plan.guide.questions.filter(question =>
          plan.steps.some(step => asked(step, group).includes(question)),
        ),
        target,
        drafts: new DraftFile(target),
      }
    }),
  )
  return tables as [Table, ...Table[]]
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
export function leadSitting(
  tables: readonly [Table, ...Table[]],
  ending: SessionEnd,
  { editor, clock, ofDay, plan }: LeadWish,
): LeadSitting & { turnTo(table: Table): void } {
  const sittings = new Map(
    tables.map(table => [table, sittingAt(table.file, table.drafts, table.target, ending, editor)]),
  )
  let at: Table = tables[0]
  const sitting = () => sittings.get(at) as Sitting
  return {
    get notesPath() {
      return at.file.path
    },
    keep: (draft, now) => sitting().keep(draft, now),
    flush: () => sitting().flush(),
    // Always in one place, whichever group it turns out to be for.
    hold: (text, question = tables[0].questions[0]?.id) => sittings.get(tables[0])?.hold(text, question),
    notesToRead: (selectors, form) => sitting().notesToRead(selectors, form),
    edit: (text, closed) => sitting().edit(text, closed),
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
      const { partToRead } = await import('../export/reading.ts')
      return printable(partToRead(file.guide, notes.answers, answered, 'aloud'))
    },
  }
}

/** Keeps jots in the notes of their groups. Tried again, a jot goes to those alone that do not have it yet. */
function jotsOf(tables: readonly [Table, ...Table[]]): Sitting['jot'] {
  const partly = new Map<string, Set<Table>>()
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
function tablesFor(tables: readonly [Table, ...Table[]], line: string): readonly Table[] {
  const [jot] = jotsIn(tables[0].file.guide, line)
  const element = jot?.question?.element
  const own = element ? tables.filter(({ group }) => group?.element?.id === element.id) : []
  return own.length > 0 ? own : tables
}

async function givenBy({ group, file, questions }: Table): Promise<GroupGave> {
  const notes = await readNotesFile(file.path)
  const answers = notes?.answers ?? new Map()
  const texts = [...answers.values()].map(({ text }) => text)
  return {
    group,
    notesPath: file.path,
    answered: count(questions, answers).answered,
    words: texts.reduce((sum, text) => sum + words(text), 0),
    jots: notes?.jots ? notes.jots.split('\n').length : 0,
  }
}

/** What was being written for a group when a session broke off, and is not in its notes. */
export async function unwritten({ group, file, desk }: Table): Promise<string[]> {
  const drafts = await unsavedDrafts(file.path, await desk.answers())
  const whose = group ? ` for ${group.label}` : ''
  return drafts.map(
    ({ question, text }) =>
      `Not yet in the notes: what was being written${whose} at ${question} (${wordCount(text)}). Capture there goes on with it.`,
  )
}

/** Lets the face write down what a group says, until it goes back to the plan. */
export async function captureAt(
  { file, desk, questions, target, drafts }: Table,
  { question: id, text }: Capture,
  face: OpenFace,
  { attended, taken }: { attended: boolean; taken: () => void },
): Promise<void> {
  const { guide } = file
  const asking = { guide, route: questions, desk, attended }
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
    const reply = await askOne({ ...asking, face: remembering(face, drafts, false) }, question, draft)
    question = typeof reply.then === 'object' ? questionOf(guide, reply.then.to) : undefined
  }
}

/** The draft with a line that was said before anybody asked. */
function begunWith(said: string, draft: Draft): Draft {
  const text = draft.text === '' ? said : `${draft.text}\n${said}`
  return { ...draft, text, caret: text.length }
}
