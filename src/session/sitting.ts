import { type Answers, wordCount } from '../answers.ts'
import { printable } from '../errors.ts'
import { notesDocument, partDocument } from '../export/markdown.ts'
import { chooseEditor, editText } from '../faces/editor.ts'
import type { OpenFace, Sitting } from '../faces/sitting.ts'
import { type DraftFile, type LeftDraft, removeDraft } from '../files/drafts.ts'
import { besides } from '../files/durable.ts'
import type { Located } from '../files/locate.ts'
import { readNotesFile } from '../files/notes.ts'
import { type Question, select } from '../guide.ts'
import type { Draft, Face } from '../walk.ts'

/** The session's ends: signals, the draft, the editor. */
export function beginSitting(
  { path, guide }: Located,
  drafts: DraftFile,
  target: string,
  editor: string | undefined,
) {
  const leaving = new AbortController()
  let exitCode: number | undefined
  const stop = (code: number) => {
    exitCode ??= code
    tryFlush(drafts)
    leaving.abort()
  }
  const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const
  const handlers = Object.entries(signals).map(([signal, code]) => {
    const handler = () => stop(code)
    // Not `once`: Inquirer ends the process at a signal that nobody else listens to.
    process.on(signal, handler)
    return () => process.off(signal, handler)
  })
  const sitting: Sitting = {
    notesPath: path,
    keep: (draft, now) => (now ? drafts.keepNow(draft) : drafts.keep(draft)),
    leaving: leaving.signal,
    stop,
    async notesToRead(selectors) {
      const notes = await readNotesFile(path)
      if (selectors.length > 0)
        return printable(partDocument(guide, notes?.answers ?? new Map(), select(guide, selectors)))
      return notes ? printable(notesDocument(notes)) : 'You have no notes yet.'
    },
    edit: (text, closed) =>
      editText(text, besides(target, 'edit.md'), chooseEditor(editor, process.env), closed),
  }
  return {
    ...sitting,
    exitCode: () => exitCode,
    end: () => handlers.forEach(off => void off()),
  }
}

/**
 * What was being written when the last session broke off, taken over by this one. A draft that says no more than
 * the notes is a bookmark: it tells where the person was.
 */
export function resume(
  left: LeftDraft[],
  route: readonly Question[],
  answers: Answers,
  drafts: DraftFile,
): Draft | undefined {
  let bookmark: Draft | undefined
  for (const [i, each] of left.entries()) {
    const { draft } = each
    const stands = answers.get(draft.question)?.text ?? ''
    const nothingNew = draft.text === stands || draft.text === draft.opened
    if (nothingNew) {
      if (i === 0 && draft.text !== '') bookmark = { ...draft, opened: stands, text: stands }
      removeDraft(each)
    } else if (route.some(question => question.id === draft.question)) {
      drafts.adopt(each)
      return draft
    }
  }
  return bookmark
}

/** Keeps the draft only while its words are not in the notes, or as a bookmark when one leaves in mid-answer. */
export function remembering(face: OpenFace, drafts: DraftFile): Face {
  let leaving = false
  return {
    show: passage => face.show(passage),
    end: (...about) => face.end(...about),
    async ask(context) {
      const reply = await face.ask(context)
      leaving = reply.then === 'leave'
      return reply
    },
    tell(news) {
      const caret = drafts.latest()?.caret ?? news.text.length
      drafts.clear()
      if (leaving && news.what === 'saved') {
        drafts.keep({
          question: news.question.id,
          opened: news.text,
          text: news.text,
          caret,
        })
        tryFlush(drafts)
      }
      face.tell(news)
    },
  }
}

function tryFlush(drafts: DraftFile): boolean {
  try {
    drafts.flush()
    return true
  } catch {
    return false
  }
}

/** After a failure: the words in hand are kept as a draft or, if not even that can be written, printed. */
export function rescue(drafts: DraftFile): void {
  const draft = drafts.latest()
  if (!draft || draft.text === draft.opened) return
  if (tryFlush(drafts))
    process.stderr.write(
      `What you wrote last (${wordCount(draft.text)}) is kept as a draft and will be there when you start again.\n`,
    )
  else
    process.stderr.write(
      `What you wrote last could not be saved anywhere. Here it is, so that you can copy it:\n\n${printable(draft.text)}\n\n`,
    )
}
