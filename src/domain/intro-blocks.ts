import type { Answers, Count } from './answers.ts'
import { type Guide, type Question, unnamedLinks } from './guide.ts'

/** Why the interview begins where it does. */
export type Reason = 'draft' | 'resumed' | 'begun' | 'done'

/** Shown before a question; never waits for a key. */
export type IntroBlock =
  | {
      kind: 'welcome'
      guide: Guide
      fresh: boolean
      reason: Reason
      count: Count
      /** Whether only a part of the guide is asked. */
      limited: boolean
      /** Sentences the person should read before the first question. */
      remarks: readonly string[]
      at: Question | undefined
    }
  /** `named`: the question that follows says itself which section it is in. `watch`: its questions are about a video. */
  | { kind: 'section'; title: string; named: boolean; paragraphs: string[]; watch: boolean }
  | { kind: 'element'; title: string; paragraphs: string[] }
  | { kind: 'lead-in'; paragraphs: string[] }
  | { kind: 'notes'; guide: Guide; answers: Answers }

/** Each heading, framing, lead-in and look back, once a session, before the first question under it. */
export class IntroBlocks {
  readonly #guide: Guide
  readonly #shown = new Set<object | string>()
  /** The element of the last question. */
  #element: Question['element']

  constructor(guide: Guide, resumedAt: Question | undefined) {
    this.#guide = guide
    // Who comes back in the middle of a section has read its introduction.
    if (resumedAt) this.#shown.add(this.#sectionOf(resumedAt))
  }

  before(question: Question, answers: Answers): IntroBlock[] {
    const { kind, element } = question
    const guide = this.#guide
    const section = this.#sectionOf(question)
    const blocks: IntroBlock[] = []
    if (this.#first(section)) {
      const { title, intro, links } = section
      const paragraphs = [...intro, ...unnamedLinks(section)]
      const watch = section === guide.stories && links.length > 0
      blocks.push({ kind: 'section', title, named: !element, paragraphs, watch })
    }
    const first = element && this.#first(element)
    // Back in another element, its heading alone says so.
    if (element && (first || element !== this.#element))
      blocks.push({ kind: 'element', title: element.title, paragraphs: first ? element.framing : [] })
    this.#element = element
    if (element && kind === 'comparison' && element.leadIn.length > 0 && this.#first(element.leadIn))
      blocks.push({ kind: 'lead-in', paragraphs: element.leadIn })
    if (kind === 'action' && this.#first('notes')) blocks.push({ kind: 'notes', guide, answers })
    return blocks
  }

  #first(thing: object | string): boolean {
    return !this.#shown.has(thing) && this.#shown.add(thing) !== undefined
  }

  #sectionOf({ kind }: Question): Guide['warmup'] | Guide['stories'] {
    return this.#guide[kind === 'story' || kind === 'comparison' ? 'stories' : kind]
  }
}
