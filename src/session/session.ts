import { type Answers, answerTo, normalizeAnswer, wordCount } from '../domain/answers.ts'
import { stripControls, UserError } from '../domain/errors.ts'
import { type Guide, type Question, type QuestionId, questionOf, select } from '../domain/guide.ts'
import type { Draft, InterviewUi, NotesStore } from '../domain/interview-protocol.ts'
import { type Notes, requireSound } from '../notes/notes.ts'
import { removeFile, siblingPath, versionOf } from '../storage/atomic-file.ts'
import {
  DraftFile,
  isSwapFile,
  type RecoveredDraft,
  recoveredDrafts,
  recoveredEdits,
  saysNothingNew,
} from '../storage/drafts.ts'
import { printNotice } from '../storage/io.ts'
import { sessionName } from '../storage/lock.ts'
import { addJot, type Known, type NotesFile, readNotesFile, saveAnswer } from '../storage/notes-file.ts'
import { isAttended } from '../storage/output.ts'
import { rememberNotes } from '../storage/state.ts'
import { chooseEditor, editText } from '../ui/environment.ts'
import type { ClosableUi, SessionServices } from '../ui/session-port.ts'
import type { SessionEnd } from './choose-ui.ts'
import { type Clock, systemClock } from './clock.ts'

/** One notes file being worked on: its draft, its jots, the editor. */
export function sessionServices(
  file: NotesFile,
  drafts: DraftFile,
  { leaving, stop, inEditor, keeping }: SessionEnd,
  editor: string | undefined,
): SessionServices {
  const said = new DraftFile(file.path, true)
  let clock: Clock | undefined
  keeping(() => {
    tryFlush(drafts)
    tryFlush(said)
  })
  return {
    notesPath: file.path,
    saveDraft: (draft, now) => drafts.keep(draft, now),
    draftTrouble: () => drafts.trouble,
    flush: () => tryFlush(drafts),
    saveScratch(text, question = file.guide.questions[0]?.id ?? '') {
      if (text.trim() === '') said.clear()
      else said.keep({ question, opened: '', text, caret: text.length }, text.includes('\n'))
    },
    leaving,
    stop,
    notesToRead: (selectors, form) => readableNotes(file, selectors, form),
    formats: async () => (await import('./documents.ts')).SHARED_FORMATS,
    makeDocument: async format => (await import('./documents.ts')).shareNotes(file, format),
    clock() {
      clock ??= systemClock()
      return clock.now() - clock.away()
    },
    jot: line => addJot(file, line),
    edit(text, above, closed) {
      const name = siblingPath(drafts.target, `${sessionName()}.edit.md`)
      const taken = (back: string) => {
        const { latest } = drafts
        if (latest) drafts.keep({ ...latest, text: back, caret: back.length })
        return latest !== undefined && tryFlush(drafts)
      }
      return inEditor(() =>
        editText({ text, above, closed, taken, file: name, editor: chooseEditor(editor) }),
      )
    },
  }
}

async function readableNotes(
  { path, guide }: NotesFile,
  selectors: readonly string[],
  form: 'markdown' | 'aloud',
): Promise<string> {
  const { notesToRead, partToRead } = await import('../export/guide-document.ts')
  const notes = await readNotesFile(path)
  if (selectors.length > 0)
    return stripControls(partToRead(guide, notes?.answers ?? new Map(), select(guide, selectors), form))
  return notes ? stripControls(notesToRead(guide, notes, form)) : 'You have no notes yet.'
}

/** The notes on disk as the interview sees them: what others write meanwhile simply appears. */
export function notesStore(
  file: NotesFile,
  remember = isAttended() ? rememberNotes : async () => {},
): NotesStore {
  const latest = latestNotes(file)
  let remembered: Promise<void> | undefined
  const ours = new Map<QuestionId, Ours>()
  const lost = new Map<QuestionId, Ours & { draft: DraftFile }>()
  return {
    answers: async () => (await latest())?.notes.answers ?? new Map(),
    jots: async () => (await latest())?.notes.jots ?? '',
    async save(id, answer, opened) {
      const known = await latest()
      const saved = await saveAnswer({ ...file, known }, id, answer, opened)
      const text = normalizeAnswer(answer.text)
      if (saved === 'both kept' || text === '' || text === opened) ours.delete(id)
      else ours.set(id, { before: opened, text })
      remembered ??= remember(file.path)
      await remembered
      if (saved === 'both kept') return saved
      return saved === 'created' && known ? 'written again' : 'saved'
    },
    earlier: async () => stillOpen(file, (await latest())?.notes),
    settle: async (action, state) => (await import('./rounds.ts')).settle(action, state, file.guide),
    async undone() {
      lost.clear()
      for (const id of undoneIn(ours, (await latest())?.notes.answers)) {
        const { before, text } = ours.get(id) as Ours
        const draft = new DraftFile(file.path)
        draft.keep({ question: id, opened: before, text, caret: text.length })
        tryFlush(draft)
        lost.set(id, { before, text, draft })
        // Once: whoever leaves them so means it.
        ours.delete(id)
      }
      return [...lost.keys()]
    },
    async putBack(wanted) {
      for (const [id, { before, text, draft }] of lost) {
        if (wanted) {
          await saveAnswer(file, id, { text, skipped: false }, before)
          ours.set(id, { before, text })
        }
        draft.clear()
      }
    },
  }
}

async function stillOpen({ path, guide }: NotesFile, notes: Notes | undefined) {
  if (notes?.previous === undefined) return { actions: [], remarks: [] }
  const { actions, remarks } = await (await import('./rounds.ts')).earlierActions(path, guide)
  return { actions: actions.filter(({ state }) => state === 'open'), remarks }
}

/**
 * Reads notes again whenever somebody has written them. While an editor is just replacing the file, or has broken it,
 * what was read last counts; a save then tells.
 */
function latestNotes({ path, guide }: NotesFile): () => Promise<Known | undefined> {
  let last: Known | undefined
  return async () => {
    const version = versionOf(path)
    if (last?.version === version) return last
    try {
      const now = await readNotesFile(path)
      if (now) last = { version, notes: requireSound(now, guide) }
    } catch (error) {
      if (!last || !(error instanceof UserError)) throw error
    }
    return last
  }
}

/** What was saved here, and what stood there before. */
interface Ours {
  before: string
  text: string
}

/** Of what was saved here, what is in the notes as it was before. */
const undoneIn = (ours: ReadonlyMap<QuestionId, Ours>, answers: Answers = new Map()): QuestionId[] =>
  [...ours].flatMap(([id, { before }]) => {
    const { text, skipped } = answerTo(answers, id)
    return text === before && !skipped ? [id] : []
  })

/**
 * What sessions that broke off have left: where to go on, and sentences on what else the person should know of. Takes over the newest draft whose words are not in the notes. A draft that says no more than the notes is a
 * bookmark: it tells where the person was.
 */
export function resume(drafts: DraftFile, guide: Guide, route: readonly Question[], answers: Answers) {
  const left = recoveredDrafts(drafts.target)
  const news = left.filter(({ draft }) => !saysNothingNew(draft, answers))
  for (const each of left) if (!news.includes(each)) removeFile(each.path)
  const onRoute = ({ draft }: RecoveredDraft) => route.some(({ id }) => id === draft.question)
  const taken = news.find(each => onRoute(each) && drafts.adopt(each.draft, each.path))
  const others = news.filter(each => each !== taken)
  const remarks = [
    ...others.map(each => remarkOn(each, onRoute(each), guide)),
    ...recoveredEdits(drafts.target, answers).map(
      path =>
        `An editor was open when the program was cut off. Its text is still in ${path}${isSwapFile(path) ? ', which vim -r reads' : ''}: copy what you need into your answer, then delete the file.`,
    ),
  ]
  const draft = taken?.draft ?? bookmark(left[0], answers)
  return { remarks, ...(draft && { draft }) }
}

function bookmark(newest: RecoveredDraft | undefined, answers: Answers): Draft | undefined {
  const stands = answers.get(newest?.draft.question ?? '')?.text
  if (!newest || !stands) return undefined
  const { draft } = newest
  // Where the notes were changed meanwhile, the caret would stand in the middle of something.
  const caret = stands === draft.text ? draft.caret : stands.length
  return { ...draft, opened: stands, text: stands, caret }
}

function remarkOn({ draft, path }: RecoveredDraft, onRoute: boolean, guide: Guide): string {
  const { question, text } = draft
  const then = onRoute
    ? 'It will be here the next time you start.'
    : questionOf(guide, question)
      ? `To continue it: pl-stories --only ${question}`
      : `That question is no longer in the guide; the words are still in ${path}.`
  return `Not yet in your notes: what was written at ${question} (${wordCount(text)}). ${then}`
}

/** Keeps the draft only while its words are not in the notes, or as a bookmark when one leaves in mid-answer. */
export function withDrafts(ui: ClosableUi, drafts: DraftFile, attended: boolean): InterviewUi {
  let leaving = false
  return {
    show: block => ui.show(block),
    end: ending => ui.end(ending),
    offerPutBack: labels => ui.offerPutBack(labels),
    choose: (message, choices) => ui.choose(message, choices),
    async ask(context) {
      const reply = await ui.ask(context)
      leaving = reply.action === 'leave'
      return reply
    },
    tell(news) {
      const { outcome, question, text } = news
      const caret = drafts.latest?.caret ?? text.length
      if (outcome === 'not saved') return ui.tell({ ...news, drafted: tryFlush(drafts) })
      drafts.clear()
      // Who leaves in the middle of an answer comes back to it, also where nothing in it has changed.
      const stands = outcome === 'saved' || (outcome === 'moved' && text !== '')
      if (leaving && attended && stands) {
        drafts.keep({ question: question.id, opened: text, text, caret })
        tryFlush(drafts)
      }
      ui.tell(news)
    },
  }
}

export function tryFlush(drafts: DraftFile): boolean {
  try {
    drafts.flush()
    return true
  } catch {
    return false
  }
}

/**
 * After a failure: the words in hand are kept as a draft or, if not even that can be written, printed. `again`: the
 * command that goes on there.
 */
export function flushOrPrint(drafts: DraftFile, again?: string): void {
  const draft = drafts.latest
  if (!draft || draft.text === draft.opened) return
  if (!tryFlush(drafts)) {
    printNotice(`What you wrote last could not be saved anywhere. Copy it from here:\n\n${draft.text}\n`)
    return
  }
  const goOn = again === undefined ? '' : `\nTo go on: ${again}`
  printNotice(
    `What you wrote last (${wordCount(draft.text)}) is kept as a draft and will be here when you start again.${goOn}`,
  )
}
