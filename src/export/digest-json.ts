import type { State } from '../domain/answers.ts'
import type { Question, QuestionId } from '../domain/guide.ts'
import type { Digest } from '../notes/digest.ts'

/** A digest for other programs, in pieces: an answer, an action or a jot on each line. */
export function* digestJson(digest: Digest, leftOut: readonly string[]): Generator<string> {
  const { guide, size, names, anonymous } = digest
  yield `{\n"guide": ${JSON.stringify(guide.id)},\n"groups": ${JSON.stringify(anonymous ? size : names)},\n"questions": [`
  yield* separated(guide.questions, question => questionJson(digest, question))
  yield ']'
  const stray = digest.strayIds()
  if (stray.length > 0) {
    yield ',\n"noLongerInTheGuide": ['
    yield* separated(stray, id => answersJson(digest, id, { id }))
    yield ']'
  }
  yield ',\n"actions": ['
  yield* separated(digest.actions(), one)
  yield '],\n"jots": ['
  yield* separated(digest.jots(), one)
  yield `],\n"leftOut": ${JSON.stringify(anonymous ? leftOut.length : leftOut)}\n}\n`
}

function questionJson(digest: Digest, { id, element, kind, text }: Question): Iterable<string> {
  const silent = (state: State) => (digest.anonymous ? digest.count(id, state) : digest.who(id, state))
  const about = {
    id,
    element: element?.id ?? null,
    kind,
    text,
    skipped: silent('skipped'),
    open: silent('open'),
  }
  return answersJson(digest, id, about)
}

function* answersJson(digest: Digest, id: QuestionId, about: object): Generator<string> {
  yield `${JSON.stringify(about).slice(0, -1)},"answers":[`
  yield* separated(digest.answers(id), one)
  yield ']}'
}

function* separated<T>(things: Iterable<T>, write: (thing: T) => Iterable<string>): Generator<string> {
  let comma = ''
  for (const thing of things) {
    yield `${comma}\n`
    yield* write(thing)
    comma = ','
  }
}

function* one(value: unknown): Generator<string> {
  yield JSON.stringify(value)
}
