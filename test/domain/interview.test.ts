import { describe, expect, test } from 'vitest'
import type { ActionState, EarlierAction } from '../../src/domain/actions.ts'
import { type Answer, type Answers, OPEN } from '../../src/domain/answers.ts'
import { UserError } from '../../src/domain/errors.ts'
import { select } from '../../src/domain/guide.ts'
import { type Order, questionOrder, runInterview, startingPoint } from '../../src/domain/interview.ts'
import type {
  Draft,
  InterviewUi,
  IntroBlock,
  Move,
  NotesStore,
  QuestionContext,
  Reply,
  SaveResult,
} from '../../src/domain/interview-protocol.ts'

import { EQUITY } from '../support/helpers.ts'

/** Somebody who replies as a script says, and remembers what they were shown, asked and told. */
class Somebody implements InterviewUi {
  readonly asked: QuestionContext[] = []
  readonly shown: IntroBlock[] = []
  readonly told: SaveResult[] = []
  readonly chosen: string[] = []
  choices: string[] = []
  readonly #replies: Reply[]
  readonly #atEnd: ('open' | 'leave')[]

  constructor(replies: Reply[], atEnd: ('open' | 'leave')[] = []) {
    this.#replies = replies
    this.#atEnd = atEnd
  }
  async show(passage: IntroBlock) {
    this.shown.push(passage)
  }
  async ask(context: QuestionContext): Promise<Reply> {
    this.asked.push(context)
    return this.#replies.shift() ?? leave()
  }
  tell(news: SaveResult) {
    this.told.push(news)
  }
  async offerPutBack() {
    return false
  }
  async choose<T>(message: string, choices: readonly { name: string; value: T }[]) {
    this.chosen.push(message)
    const wanted = this.choices.shift()
    return choices.find(({ name }) => name === wanted)?.value
  }
  async end() {
    return this.#atEnd.shift() ?? 'leave'
  }
  get ids() {
    return this.asked.map(({ question }) => question.id)
  }
  get news() {
    return this.told.map(({ outcome: what }) => what)
  }
}

/** Notes kept in memory. */
class Notebook implements NotesStore {
  readonly now: Map<string, Answer>
  constructor(answered: Record<string, string | Answer> = {}) {
    const answers = Object.entries(answered).map(
      ([id, said]) => [id, typeof said === 'string' ? { text: said, skipped: false } : said] as const,
    )
    this.now = new Map(answers)
  }
  async answers(): Promise<Answers> {
    return this.now
  }
  async jots(): Promise<string> {
    return ''
  }
  async save(id: string, answer: Answer): Promise<'saved' | 'both kept'> {
    this.now.set(id, answer)
    return 'saved'
  }
  earlierActions: EarlierAction[] = []
  readonly settled: [string, ActionState][] = []
  async earlier() {
    return { actions: this.earlierActions, remarks: [] }
  }
  async settle({ what }: EarlierAction, state: ActionState) {
    this.settled.push([what, state])
  }
  async undone(): Promise<string[]> {
    return []
  }
  async putBack(): Promise<void> {}
}

const say = (text: string, then: Move = 'next'): Reply => ({ text, action: then })
const leave = (text = ''): Reply => say(text, 'leave')
const times = (count: number, reply: Reply) => Array.from({ length: count }, () => reply)

interface Way {
  notes?: Notebook
  order?: Order
  only?: string[]
  draft?: Draft
  attended?: boolean
  atEnd?: ('open' | 'leave')[]
}

async function walkWith(replies: Reply[], way: Way = {}) {
  const { notes = new Notebook(), order = 'guide', only = [], draft, attended = true, atEnd } = way
  const face = new Somebody(replies, atEnd)
  const all = questionOrder(EQUITY, order)
  const wanted = only.length > 0 ? new Set(select(EQUITY, only)) : new Set(all)
  const route = all.filter(question => wanted.has(question))
  await runInterview({
    guide: EQUITY,
    order: all,
    route,
    store: notes,
    ui: face,
    draft,
    fresh: notes.now.size === 0,
    fromTheTop: !attended,
    attended,
  })
  return { face, notes }
}

const answered = (...ids: string[]) => Object.fromEntries(ids.map(id => [id, `on ${id}`]))
const FIRST_SIX = EQUITY.questions.slice(0, 6).map(({ id }) => id)

describe('the order', () => {
  test('is the guide’s: each element whole, the story before the comparison', async () => {
    const { face, notes } = await walkWith(times(20, say('yes')))
    expect(face.ids).toEqual(EQUITY.questions.map(({ id }) => id))
    expect(notes.now.size).toBe(20)
  })

  test('watch-first asks every story question before the comparisons', async () => {
    const { face } = await walkWith(times(20, say('yes')), { order: 'watch-first' })
    expect(face.ids.map(id => id.replace(/\.\d$/, ''))).toEqual([
      'warmup',
      ...['a', 'b', 'c'].flatMap(element => times(3, leave()).map(() => `${element}.story`)),
      ...['a', 'b', 'c'].flatMap(element => times(3, leave()).map(() => `${element}.comparison`)),
      'action',
    ])
  })

  test('can be limited to parts, in the guide’s order', async () => {
    const { face } = await walkWith(times(20, say('yes')), { only: ['action', 'b.story'] })
    expect(face.ids).toEqual(['b.story.1', 'b.story.2', 'b.story.3', 'action'])
  })
})

describe('it begins', () => {
  const at = (notes: Record<string, string | Answer>, draft?: Draft, fromTheTop = false) => {
    const { at: question, reason } = startingPoint(
      EQUITY.questions,
      new Map([...new Notebook(notes).now]),
      draft,
      fromTheTop,
    )
    return [question?.id, reason]
  }

  test('at the first question where nothing is written', () => {
    expect(at({})).toEqual(['warmup', 'begun'])
  })
  test('at question 7 when it stopped there', () => {
    expect(at(answered(...FIRST_SIX))).toEqual(['a.comparison.3', 'resumed'])
  })
  test('after Element B when only that is answered, not at A1', () => {
    const b = select(EQUITY, ['b']).map(({ id }) => id)
    expect(at(answered(...b))).toEqual(['c.story.1', 'resumed'])
  })
  test('at the first open question when all after the last answer are done', () => {
    expect(at({ ...answered('action'), warmup: { text: '', skipped: true } })).toEqual([
      'a.story.1',
      'resumed',
    ])
  })
  test('at the end when nothing is open', () => {
    expect(at(answered(...EQUITY.questions.map(({ id }) => id)))).toEqual([undefined, 'done'])
  })
  test('at the draft before all', () => {
    const draft = { question: 'a.story.2', opened: '', text: 'half a', caret: 6 }
    expect(at(answered(...FIRST_SIX), draft)).toEqual(['a.story.2', 'draft'])
  })
  test('at the first open one in a pipe', () => {
    expect(at(answered('b.story.1'), undefined, true)).toEqual(['warmup', 'resumed'])
  })
})

describe('moves', () => {
  test('back changes one answer and keeps those that follow; going on leads to the next open one', async () => {
    const { face, notes } = await walkWith([...times(4, say('', 'back')), say('changed'), leave()], {
      notes: new Notebook(answered(...FIRST_SIX)),
    })
    expect(face.ids).toEqual([
      'a.comparison.3',
      'a.comparison.2',
      'a.comparison.1',
      'a.story.3',
      'a.story.2',
      'a.comparison.3',
    ])
    expect(notes.now.get('a.story.2')?.text).toBe('changed')
    expect(notes.now.get('a.story.3')?.text).toBe('on a.story.3')
  })

  test('back from the first question stays there, and the UI knows that it is the first', async () => {
    const { face } = await walkWith([say('', 'back'), say('x')])
    expect(face.ids).toEqual(['warmup', 'warmup', 'a.story.1'])
    expect(face.asked.map(({ first }) => first)).toEqual([true, true, false])
  })

  test('back keeps within the parts that were asked for', async () => {
    const { face } = await walkWith([say('x'), say('', 'back')], { only: ['a.story.1', 'c.story.1'] })
    expect(face.ids).toEqual(['a.story.1', 'c.story.1', 'a.story.1'])
  })

  test('later leaves open and does not come round again before the end', async () => {
    const { face, notes } = await walkWith([say('', 'later'), say('x'), say('y'), say('z')], {
      only: ['warmup', 'a.story'],
      atEnd: ['open', 'leave'],
    })
    expect(face.ids).toEqual(['warmup', 'a.story.1', 'a.story.2', 'a.story.3', 'warmup'])
    expect(notes.now.has('warmup')).toBe(false)
    expect(face.news[0]).toBe('left open')
  })

  test('going on from questions left empty comes to an end', async () => {
    const { face } = await walkWith(times(9, say('')), { only: ['a.story'] })
    expect(face.ids).toEqual(['a.story.1', 'a.story.2', 'a.story.3'])
  })

  test('skip does not ask again; an answer is not skipped away', async () => {
    const { face, notes } = await walkWith([say('', 'skip'), say('x', { to: 'warmup' }), say('', 'skip')])
    expect(notes.now.get('warmup')).toEqual({ text: '', skipped: true })
    expect(face.news.slice(0, 3)).toEqual(['skipped', 'saved', 'skipped'])
    const kept = await walkWith([say('', 'skip')], {
      notes: new Notebook(answered('warmup')),
      only: ['warmup'],
    })
    expect(kept.notes.now.get('warmup')?.text).toBe('on warmup')
  })

  test('go to leads anywhere, outside the chosen parts too, and from there round to what is open', async () => {
    const { face } = await walkWith([say('', { to: 'c.comparison.3' }), say('x')], { only: ['a.story'] })
    expect(face.ids).toEqual(['a.story.1', 'c.comparison.3', 'a.story.1'])
  })

  test('every move takes the text along', async () => {
    for (const then of ['back', 'later', 'skip', 'leave', 'next', { to: 'action' }] as const) {
      const { notes } = await walkWith([say('my words', then)])
      expect(notes.now.get('warmup')).toEqual({ text: 'my words', skipped: false })
    }
  })

  test('an emptied area leaves the answer; only to erase it erases', async () => {
    for (const then of ['back', 'later', 'skip', 'leave', 'next', { to: 'action' }] as const) {
      const { notes } = await walkWith([say('', { to: 'warmup' }), say(' \n ', then)], {
        notes: new Notebook(answered('warmup')),
      })
      expect(notes.now.get('warmup')?.text).toBe('on warmup')
    }
    const { notes, face } = await walkWith([say('', { to: 'warmup' }), { ...say(''), erase: true }], {
      notes: new Notebook(answered('warmup')),
    })
    expect(notes.now.get('warmup')).toEqual(OPEN)
    expect(face.news).toContain('erased')
  })

  test('an answer that somebody changed in the file meanwhile is not said to be erased', async () => {
    const notes = new Notebook(answered('warmup'))
    notes.save = async () => 'saved'
    const { face } = await walkWith([say('', { to: 'warmup' }), { ...say(''), erase: true }], { notes })
    expect(face.news).not.toContain('erased')
    expect(face.news).toContain('kept')
  })
})

describe('what is shown', () => {
  test('each heading once, before the first question under it', async () => {
    const { face } = await walkWith(times(20, say('yes')))
    const titles = face.shown.map(passage => ('title' in passage ? passage.title : passage.kind))
    expect(titles).toEqual([
      'welcome',
      'Warmup',
      'PL Story Questions',
      ...['Element A: Academic Equity', 'lead-in'],
      ...['Element B: Systemic Equity', 'lead-in'],
      ...['Element C: Climate Equity', 'lead-in'],
      ...['Take Action', 'notes'],
    ])
  })

  test('a comparison comes with the own answer about the story', async () => {
    const { face } = await walkWith([], {
      notes: new Notebook(answered('a.story.1')),
      only: ['a.comparison.1'],
    })
    expect(face.asked[0]?.story).toMatchObject({ question: { id: 'a.story.1' }, text: 'on a.story.1' })
  })

  test('an answered question opens with its answer, as it stands by then', async () => {
    const notes = new Notebook()
    const { face } = await walkWith([say('first'), say('', 'back')], { notes })
    expect(face.asked[2]?.answer.text).toBe('first')
  })

  test('a draft is offered once, at its question', async () => {
    const draft = { question: 'a.story.1', opened: '', text: 'half', caret: 2 }
    const { face } = await walkWith([say('half a loaf'), say('', 'back')], { draft })
    expect(face.asked.map(context => context.draft?.caret)).toEqual([2, undefined, undefined])
  })
})

describe('when a save fails', () => {
  class FullDisk extends Notebook {
    left = 1
    override async save(id: string, answer: Answer) {
      if (this.left-- > 0) throw new UserError('The disk is full.', 3)
      return super.save(id, answer)
    }
  }

  test('the person is told and asked again with the words in hand', async () => {
    const notes = new FullDisk()
    const { face } = await walkWith([say('precious words'), say('precious words')], { notes })
    expect(face.told[0]).toMatchObject({ outcome: 'not saved', reason: 'The disk is full.' })
    expect(face.asked[1]).toMatchObject({
      question: { id: 'warmup' },
      draft: { text: 'precious words', opened: '' },
    })
    expect(notes.now.get('warmup')?.text).toBe('precious words')
    expect(face.ids).toEqual(['warmup', 'warmup', 'a.story.1'])
  })

  test('on leaving, or with nobody there, the walk ends with the error', async () => {
    await expect(walkWith([leave('words')], { notes: new FullDisk() })).rejects.toThrow('The disk is full.')
    await expect(walkWith([say('words')], { notes: new FullDisk(), attended: false })).rejects.toThrow('full')
  })
})

describe('the open actions of earlier rounds', () => {
  const earlier = (what: string, line: number): EarlierAction => ({
    ...{ what, who: 'Ana', when: 'by Jan 15', state: 'open', words: `${what} (Ana, by Jan 15)` },
    ...{ line, id: 'action', path: 'equity-notes-2026-11-28.md', since: '2026-11-28' },
  })
  const notebook = () => {
    const notes = new Notebook(answered(...EQUITY.questions.slice(0, 19).map(({ id }) => id)))
    notes.earlierActions = ['Audit', 'Call', 'Visit'].map(earlier)
    return notes
  }
  const review = async (choices: string[], replies: Reply[], notes = notebook()) => {
    const face = new Somebody(replies)
    face.choices = choices
    const about = { guide: EQUITY, order: EQUITY.questions, route: EQUITY.questions, store: notes, ui: face }
    await runInterview({ ...about, fresh: false, fromTheTop: false, attended: true })
    return { face, notes }
  }

  test('come before Take Action: what became of each, and what happened, which goes into its answer', async () => {
    const { face, notes } = await review(
      ['done', 'dropped', 'still open'],
      [say('We found\nthree gaps.'), say(''), say('One said yes.'), say('- [ ] Share it')],
    )
    expect(face.chosen[0]).toBe(
      'Still open from the round until Nov 28, 2026 (1 of 3): Audit (Ana, by Jan 15)',
    )
    expect(notes.settled).toEqual([
      ['Audit', 'done'],
      ['Call', 'dropped'],
      ['Visit', 'open'],
    ])
    expect(face.asked.map(({ question }) => question.text)).toEqual([
      ...['What happened? Audit: done', 'What happened? Call: dropped', 'What happened? Visit: still open'],
      EQUITY.questions.at(-1)?.text,
    ])
    // The next line is one of its own.
    const happened = '- Done: Audit. We found three gaps.\n- Still open: Visit. One said yes.'
    expect(face.asked.at(-1)?.draft).toMatchObject({ text: `${happened}\n`, opened: happened })
    expect(notes.now.get('action')?.text).toBe('- [ ] Share it')
    expect(face.news).toEqual(['saved', 'moved', 'saved', 'saved'])
  })

  test('are asked about once a session, can be put off, and leaving in the middle keeps the words', async () => {
    const later = await review(['decide later'], [say('', 'later')])
    expect(later.notes.settled).toEqual([])
    expect(later.face.ids).toEqual(['action'])
    const left = await review(['done'], [leave('Half a line')])
    expect(left.notes.now.get('action')?.text).toBe('- Done: Audit. Half a line')
    const again = await review(['done', 'done', 'done'], [say('x'), say('x', 'back'), say('ok'), say('new')])
    expect(again.face.chosen).toHaveLength(2)
    expect(again.face.ids.slice(2)).toEqual(['c.comparison.3', 'action'])
  })

  test('an action whose notes cannot be written is told of, and the question comes all the same', async () => {
    const notes = notebook()
    notes.settle = async () => {
      throw new UserError('The disk is full.', 3)
    }
    const { face } = await review(['done'], [say('- [ ] Share it')], notes)
    expect(face.told[0]).toMatchObject({ outcome: 'not saved', reason: 'The disk is full.' })
    expect(face.ids).toEqual(['action'])
  })
})
