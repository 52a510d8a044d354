import type { Question } from '../domain/guide.ts'
import type { Digest, Spoken } from '../notes/digest.ts'
import { actions, bullets, digestFacts, groups, nobodyAnswered, unanswered } from './digest-document.ts'
import {
  type Block,
  type Document,
  type Inline,
  labelOf,
  outlined,
  paragraph,
  plainText,
  sourceNote,
} from './document.ts'
import { actionHeading, asksForActions, gist, heading, LONGEST, PAGE } from './summary.ts'

/** Fewer characters of an answer tell nothing. */
const SHORTEST = 60
/** What a question gets at least, however many were answered. */
const LEAST = 150

/** One page about many groups: what was discussed, who will do what by when, and what was not reached. */
export function digestBrief(
  digest: Digest,
  { title, when }: { title?: string | undefined; when: string },
): Document {
  const { guide } = digest
  const nobody = nobodyAnswered(digest)
  const discussed = guide.questions.filter(
    question => question.kind !== 'action' && !nobody.includes(question),
  )
  return outlined({
    language: guide.language,
    title: title ?? `${guide.title}: summary of ${groups(digest.size)}`,
    facts: [...digestFacts(digest), when],
    items: [
      heading('What was discussed', true),
      { kind: 'text', blocks: discussion(digest, discussed) },
      ...actionHeading(guide),
      ...(asksForActions(guide) ? actions(digest) : []),
      heading('What was not reached', true),
      { kind: 'text', blocks: unanswered(digest), ours: true },
    ],
    source: sourceNote(guide),
    brief: true,
  })
}

function discussion(digest: Digest, questions: Question[]): Block[] {
  if (questions.length === 0) return [paragraph('Nothing has been answered yet.')]
  const room = Math.max(LEAST, Math.floor(PAGE / questions.length))
  return [bullets(questions.map((question, i) => discussed(digest, question, room, i)))]
}

/**
 * As many answers as the room holds, each by its beginning, and how many more there are. Groups take turns: the answers
 * to each question begin where those to the one before it ended.
 */
function discussed(digest: Digest, question: Question, room: number, turn: number): Inline[] {
  const count = digest.count(question.id, 'answered')
  const each = Math.min(LONGEST, Math.max(SHORTEST, Math.floor(room / count)))
  const shown = Math.min(count, Math.max(1, Math.floor(room / each)))
  const gists = [...first(digest.answers(question.id, turn * shown), shown)].map(({ who, text }) =>
    who === undefined ? `“${gist(text, each)}”` : `${who}: ${gist(text, each)}`,
  )
  const more = count > shown ? [`and ${count - shown} more`] : []
  return [
    {
      kind: 'strong',
      inlines: plainText(`${labelOf(digest.guide, question)} (${count} of ${groups(digest.size)}):`),
    },
    ...plainText(` ${[...gists, ...more].join(' · ')}`),
  ]
}

function* first(spoken: Iterable<Spoken>, most: number): Generator<Spoken> {
  let number = 0
  for (const one of spoken) {
    if (number++ === most) return
    yield one
  }
}
