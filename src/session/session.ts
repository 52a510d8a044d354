import { type Answers, wordCount } from '../domain/answers.ts'
import { stripControls } from '../domain/errors.ts'
import { type Guide, type Question, questionOf, select } from '../domain/guide.ts'
import type { Draft, InterviewUi } from '../domain/interview-protocol.ts'
import { removeFile, siblingPath } from '../storage/atomic-file.ts'
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
import { addJots, type NotesFile, readNotesFile } from '../storage/notes-file.ts'
import type { ClosableUi, SessionServices } from '../ui/session-port.ts'
import { type Clock, systemClock } from './clock.ts'

/** One notes file being worked on: its draft, its jots, the editor. */
export function sessionServices(
  file: NotesFile,
  drafts: DraftFile,
  target: string,
  { leaving, stop, inEditor, keeping }: SessionEnd,
  editor: string | undefined,
): SessionServices {
  const { path, guide } = file
  const said = new DraftFile(target, true)
  let clock: Clock | undefined
  keeping(() => {
    tryFlush(drafts)
    tryFlush(said)
  })
  return {
    notesPath: path,
    saveDraft: (draft, now) => drafts.keep(draft, now),
    draftTrouble: () => drafts.trouble,
    flush: () => tryFlush(drafts),
    saveScratch(text, question = guide.questions[0]?.id ?? '') {
      const draft = { question, opened: '', text, caret: text.length }
      if (text.trim() === '') said.clear()
      else said.keep(draft, text.includes('\n'))
    },
    leaving,
    stop,
    async notesToRead(selectors, form) {
      const { notesToRead, partToRead } = await import('../export/guide-document.ts')
      const notes = await readNotesFile(path)
      if (selectors.length > 0)
        return stripControls(partToRead(guide, notes?.answers ?? new Map(), select(guide, selectors), form))
      return notes ? stripControls(notesToRead(guide, notes, form)) : 'You have no notes yet.'
    },
    formats: async () => (await import('./share.ts')).SHARED_FORMATS,
    makeDocument: async format => (await import('./share.ts')).shareNotes(file, format),
    clock() {
      clock ??= systemClock()
      return clock.now() - clock.away()
    },
    async jot(line) {
      await addJots(file, [line])
    },
    edit: (text, above, closed) =>
      inEditor(async () => {
        const { chooseEditor, editText } = await import('../ui/environment.ts')
        return editText({
          text,
          above,
          file: siblingPath(target, `${sessionName()}.edit.md`),
          editor: chooseEditor(editor, process.env),
          closed,
        })
      }),
  }
}

/** What sessions that broke off have left: where to go on, and sentences on what else the person should know of. */
export interface Resumed {
  draft?: Draft
  remarks: string[]
}

/**
 * Takes over the newest draft whose words are not in the notes. A draft that says no more than the notes is a
 * bookmark: it tells where the person was.
 */
export function resume(
  target: string,
  guide: Guide,
  route: readonly Question[],
  answers: Answers,
  drafts: DraftFile,
): Resumed {
  const left = recoveredDrafts(target)
  const news = left.filter(({ draft }) => !saysNothingNew(draft, answers))
  for (const each of left) if (!news.includes(each)) removeFile(each.path)
  const onRoute = ({ draft }: RecoveredDraft) => route.some(({ id }) => id === draft.question)
  const taken = news.find(each => onRoute(each) && drafts.adopt(each.draft, each.path))
  const others = news.filter(each => each !== taken)
  const remarks = [
    ...others.map(each => remarkOn(each, onRoute(each), guide)),
    ...recoveredEdits(target, answers).map(
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
      const caret = drafts.latest?.caret ?? news.text.length
      if (news.outcome === 'not saved') return ui.tell({ ...news, drafted: tryFlush(drafts) })
      drafts.clear()
      // Who leaves in the middle of an answer comes back to it, also where nothing in it has changed.
      if (
        leaving &&
        attended &&
        (news.outcome === 'saved' || (news.outcome === 'moved' && news.text !== ''))
      ) {
        drafts.keep({ question: news.question.id, opened: news.text, text: news.text, caret })
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
  printNotice(
    `What you wrote last (${wordCount(draft.text)}) is kept as a draft and will be here when you start again.`,
  )
  if (again !== undefined) printNotice(`To go on: ${again}`)
}

/** How a session ends from outside: at a signal what is being written is kept, and everybody is told to leave. */
export function sessionEnd() {
  const flushes: (() => void)[] = []
  const flush = () => flushes.forEach(act => void act())
  const leaving = new AbortController()
  let exitCode: number | undefined
  let editing = false
  const stop = (code: number) => {
    exitCode ??= code
    flush()
    leaving.abort()
  }
  const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const
  const handlers = Object.entries(signals).map(([signal, code]) => {
    const handler = () => {
      // Ctrl+C in an editor is the editor's.
      if (signal !== 'SIGINT' || !editing) stop(code)
    }
    // Not `once`: Inquirer ends the process at a signal that nobody else listens to.
    process.on(signal, handler)
    return () => process.off(signal, handler)
  })
  return {
    leaving: leaving.signal,
    stop,
    /** What is to be written before anybody is told to leave, or after a failure. */
    keeping: (act: () => void) => void flushes.push(act),
    flush,
    exitCode: () => exitCode,
    /** While somebody is in an editor, Ctrl+C is none of ours. */
    async inEditor<T>(edit: () => Promise<T>): Promise<T> {
      editing = true
      return edit().finally(() => {
        editing = false
      })
    },
    end: () => handlers.forEach(off => void off()),
  }
}

export type SessionEnd = ReturnType<typeof sessionEnd>
