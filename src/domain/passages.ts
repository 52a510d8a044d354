import type { Answers, Count } from './answers.ts'
import { type Guide, type Link, type Question, unnamedLinks } from './guide.ts'

/** Why a walk begins where it begins. */
export type Reason = 'draft' | 'resumed' | 'begun' | 'done'

/** What the guide says before the next question; read by nobody who must press a key for it. */
export type Passage =
  | {
      kind: 'welcome'
      guide: Guide
      fresh: boolean
      reason: Reason
      count: Count
      /** Whether this walk asks only a part of the guide. */
      limited: boolean
      /** What the person should know of before they begin. */
      remarks: readonly string[]
      at: Question | undefined
    }
  /** `named`: the question that follows says itself which section it stands in. `watch`: its questions are about a video. */
  | { kind: 'section'; title: string; named: boolean; paragraphs: string[]; links: Link[]; watch: boolean }
  | { kind: 'element'; title: string; paragraphs: string[] }
  | { kind: 'lead-in'; paragraphs: string[] }
  | { kind: 'notes'; guide: Guide; answers: Answers }

/** Gives each heading, framing, lead-in and look back once a sitting, before the first question under it. */
export class Passages {
  readonly #guide: Guide
  readonly #shown = new Set<object | string>()

  constructor(guide: Guide, resumedAt: Question | undefined) {
    this.#guide = guide
    // Who comes back in the middle of a section has read its introduction.
    if (resumedAt) this.#shown.add(this.#sectionOf(resumedAt))
  }

  before(question: Question, answers: Answers): Passage[] {
    const { kind, element } = question
    const section = this.#sectionOf(question)
    const passages: (Passage | false)[] = [
      this.#first(section) && {
        kind: 'section',
        title: section.title,
        named: element === undefined,
        paragraphs: [...section.intro, ...unnamedLinks(section)],
        links: section.links,
        watch: section === this.#guide.stories && section.links.length > 0,
      },
      element !== undefined &&
        this.#first(element) && {
          kind: 'element',
          title: element.title,
          paragraphs: element.framing,
        },
      kind === 'comparison' &&
        element !== undefined &&
        element.leadIn.length > 0 &&
        this.#first(element.leadIn) && {
          kind: 'lead-in',
          paragraphs: element.leadIn,
        },
      kind === 'action' && this.#first('notes') && { kind: 'notes', guide: this.#guide, answers },
    ]
    return passages.filter(passage => passage !== false)
  }

  #first(thing: object | string): boolean {
    if (this.#shown.has(thing)) return false
    this.#shown.add(thing)
    return true
  }

  #sectionOf({ kind }: Question): Guide['warmup'] | Guide['stories'] {
    return this.#guide[kind === 'story' || kind === 'comparison' ? 'stories' : kind]
  }
}
