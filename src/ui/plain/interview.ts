import { countInWords, mergeVersions, normalizeAnswer, stateOf, wordCount } from '../../domain/answers.ts'
import { sentenceOf, UserError } from '../../domain/errors.ts'
import { type Guide, linksFor, type QuestionId, requireQuestion } from '../../domain/guide.ts'
import type {
  EndChoice,
  EndContext,
  InterviewUi,
  Move,
  QuestionContext,
  Reply,
} from '../../domain/interview.ts'
import { openInBrowser } from '../environment.ts'
import {
  HELP,
  HOW_TO,
  indentedCommand,
  introText,
  jotCount,
  listOf,
  noCommand,
  pastedCommand,
  questionText,
  resultText,
  sentence,
} from '../messages.ts'
import type { SessionServices } from '../session-port.ts'
import { plainWatch, type Watch } from '../watch.ts'

import type { LineInput } from './line-reader.ts'
import { openPrompter, type Prompter } from './prompter.ts'

/*
 * The walk in lines of text alone: for screen readers, pipes and dumb terminals. Nothing printed is drawn again,
 * no state is told by a colour or a glyph.
 */

export interface PlainInterview extends InterviewUi {
  /** Whether the input ended, so that nobody chose to leave. */
  inputEnded(): boolean
}

export function openPlainInterview(
  input: LineInput,
  write: (text: string) => void,
  sitting: SessionServices,
): PlainInterview {
  const talk = openPrompter(input, write, sitting.leaving)
  const { say } = talk
  const watch = plainWatch(talk, sitting)
  let explained = false
  let afterwards: (() => Promise<void>) | undefined
  return {
    inputEnded: talk.ended,
    async show(passage) {
      for (const line of introText(passage, sitting.notesPath)) say(line)
    },
    async ask(context) {
      await afterwards?.()
      afterwards = undefined
      say('')
      for (const line of questionText(context)) say(line)
      if (!explained) say(HOW_TO)
      explained = true
      const later = (act: () => Promise<void>) => {
        afterwards = act
      }
      return new PlainAnswer(context, { ...talk, input, sitting, watch, afterwards: later }).run()
    },
    tell(news) {
      const told = resultText(news)
      if (told !== '') say(told)
    },
    end: ending => atTheEnd(ending, talk, sitting),
  }
}

/** What next, until somebody goes on or leaves. */
async function atTheEnd(
  { guide, count, elsewhere }: EndContext,
  { say, choose, nextLine, ended }: Prompter,
  sitting: SessionServices,
): Promise<EndChoice> {
  for (;;) {
    say(`\n${sentence(`That is the end: ${countInWords(count)}`)}`)
    if (ended() || sitting.leaving.aborted) return 'leave'
    const choice = await choose<EndChoice | 'read' | 'go' | 'docx' | 'html'>([
      ...(count.open > 0 ? [{ name: 'open questions', value: 'open' as const }] : []),
      ...(elsewhere > 0
        ? [{ name: `the rest of the guide, ${elsewhere} open`, value: 'rest' as const }]
        : []),
      { name: 'go to a question', value: 'go' },
      { name: 'read my notes', value: 'read' },
      { name: 'Word document', value: 'docx' },
      { name: 'web page', value: 'html' },
      { name: 'leave', value: 'leave' },
    ])
    if (choice === 'read') say(await sitting.notesToRead([], 'aloud').catch(sentenceOf))
    else if (choice === 'docx' || choice === 'html')
      (await sitting.share(choice).catch(error => [sentenceOf(error)])).forEach(say)
    else if (choice !== 'go') return choice ?? 'leave'
    else {
      say(`Which one? Say a number from 1 to ${guide.questions.length}, or an id.`)
      const line = await nextLine()
      const to = line && questionSaid(guide, line.text.trim(), say)
      if (to) return { to }
    }
  }
}

/** What an answer is written with. */
interface WritingDesk extends Prompter {
  input: LineInput
  sitting: SessionServices
  watch: Watch
  /** Does something as soon as what is written is saved. */
  afterwards(act: () => Promise<void>): void
}

/** A line that was broken off and may have become a command is nobody's words. */
const HALF_COMMAND = /^(?:\.|:[a-z]*(?: [\w.-]*)?)?$/

/** One question being answered: what was written before, and line by line what is written now. */
export class PlainAnswer {
  readonly #context: QuestionContext
  readonly #talk: WritingDesk
  #text: string
  /** How many lines at the end of the text were written now. */
  #added = 0
  /** Whether the answer is being written anew. */
  #replacing = false

  constructor(context: QuestionContext, talk: WritingDesk) {
    this.#context = context
    this.#talk = talk
    this.#text = context.draft?.text ?? context.answer.text
  }

  async run(): Promise<Reply> {
    for (;;) {
      const line = await this.#talk.nextLine(() => this.#keep())
      if (!line) return this.#breakOff()
      if (line.pasted) {
        this.#add(line.text)
        if (!line.more) this.#remark(pastedCommand(line.text))
        continue
      }
      const said = line.text
      if (said === '.') {
        const reply = await this.#finish()
        if (reply) return reply
      } else if (said.startsWith(':') && !said.startsWith('::')) {
        const reply = await this.#command(said)
        if (reply) return reply
      } else {
        this.#add(said === '..' ? '.' : said.startsWith('::') ? said.slice(1) : said)
        this.#remark(indentedCommand(said))
      }
    }
  }

  #remark(remark: string): void {
    if (remark !== '') this.#talk.say(remark)
  }

  /** The text with the line that is just being typed. */
  get #soFar(): string {
    const line = this.#talk.input.unfinished()
    return HALF_COMMAND.test(line) ? this.#text : this.#with(line)
  }

  #with(line: string): string {
    return this.#text === '' && this.#added === 0 ? line : `${this.#text}\n${line}`
  }

  #breakOff(): Reply {
    this.#text = this.#soFar
    // Nobody has said that what is written anew shall take the place of the old answer.
    if (this.#replacing) this.#text = mergeVersions(this.#context.answer.text, normalizeAnswer(this.#text))
    this.#keep()
    // A jot in mid-line is part of it.
    this.#talk.sitting.saveScratch('')
    return this.#reply('leave')
  }

  #reply(then: Move, erase = false): Reply {
    return { text: this.#text, action: then, ...(erase && { erase }) }
  }

  #add(line: string): void {
    this.#text = this.#with(line)
    this.#added++
    this.#keep()
  }

  #rewrite(text: string): void {
    this.#text = text
    this.#added = 0
    this.#keep()
  }

  #keep(): void {
    const { question, answer, draft } = this.#context
    const text = this.#soFar
    this.#talk.sitting.saveDraft({
      question: question.id,
      opened: draft?.opened ?? answer.text,
      text,
      caret: text.length,
    })
  }

  async #finish(): Promise<Reply | undefined> {
    if (normalizeAnswer(this.#text) !== '') return this.#reply('next')
    if (this.#context.answer.text === '')
      return this.#reply(
        stateOf(this.#context.answers, this.#context.question.id) === 'skipped' ? 'next' : 'later',
      )
    this.#talk.say('There is nothing written. What shall become of the answer in your notes?')
    const choice = await this.#talk.choose([
      { name: 'erase the answer', value: 'erase' },
      { name: 'keep it', value: 'keep' },
      { name: 'keep writing', value: 'write' },
    ] as const)
    if (choice === 'write') return undefined
    return this.#reply(choice === undefined ? 'leave' : 'next', choice === 'erase')
  }

  /** @returns the reply, if the command ends the question. An unknown word is text. */
  async #command(said: string): Promise<Reply | undefined> {
    const [name = '', ...rest] = said.slice(1).split(/\s+/)
    const argument = rest.join(' ')
    const { say, sitting } = this.#talk
    const moves: Record<string, Move> = {
      back: 'back',
      later: 'later',
      skip: 'skip',
      quit: 'leave',
    }
    const move = argument === '' ? moves[name] : undefined
    if (move) return this.#reply(move)
    if (name === 'go') return this.#go(argument)
    if (name === 'watch') {
      // Jots that found no place come into the answer.
      for (const line of await this.#talk.watch(this.#context)) this.#add(line)
      // Asked again, the question comes with the new jots.
      return this.#reply({ to: this.#context.question.id })
    }
    if (name === 'jots') say(this.#jots(argument))
    else if (name === 'open' && /^\d*$/.test(argument)) say(await this.#open(argument))
    else if (name === 'notes') return this.#readNotes(rest)
    else if (argument === '' && Object.hasOwn(this.#acts, name)) await this.#acts[name]?.()
    else {
      this.#add(said)
      say(noCommand(name, argument))
    }
    return sitting.leaving.aborted ? this.#reply('leave') : undefined
  }

  readonly #acts: Record<string, () => void | Promise<void>> = {
    help: () => this.#talk.say(HELP),
    list: () => this.#talk.say(listOf(this.#context)),
    story: () => this.#talk.say(this.#story()),
    text: () => this.#talk.say(this.#text === '' ? 'Nothing is written here yet.' : this.#text),
    undo: () => this.#undo(),
    replace: () => this.#replace(),
    edit: () => this.#edit(),
  }

  #go(argument: string): Reply | undefined {
    const to = questionSaid(this.#context.guide, argument, this.#talk.say)
    return to === undefined ? undefined : this.#reply({ to })
  }

  /** What was just written belongs to the notes that are read. */
  async #readNotes(selectors: string[]): Promise<Reply | undefined> {
    const { question, answer } = this.#context
    const read = async () => this.#talk.say(await this.#notes(selectors))
    const text = normalizeAnswer(this.#text)
    if (text === '' || text === answer.text) return void (await read())
    this.#talk.afterwards(read)
    return this.#reply({ to: question.id })
  }

  async #notes(selectors: string[]): Promise<string> {
    return this.#talk.sitting.notesToRead(selectors, 'aloud').catch(sentenceOf)
  }

  #story(): string {
    const { story } = this.#context
    if (!story) return 'This question is not compared with the story.'
    return story.text === '' ? 'You have not answered the question about the story yet.' : story.text
  }

  /** Reads the jots of this question, or takes some of them into the answer. */
  #jots(argument: string): string {
    const jots = this.#context.jots.filter(({ text }) => !this.#text.includes(text))
    if (jots.length === 0) return 'There are no jots for this question.'
    const numbers = argument.split(/[\s,]+/).map(Number)
    const taken = argument === 'all' ? jots : jots.filter((_, i) => numbers.includes(i + 1))
    for (const { text } of taken) this.#add(`- ${text}`)
    if (taken.length > 0) return `Taken into the answer: ${jotCount(taken.length)}.`
    return `${jots.map(({ text }, i) => `${i + 1} ${text}`).join('\n')}\n:jots 1 takes the first into your answer, :jots all takes every one.`
  }

  #undo(): void {
    if (this.#added === 0) {
      this.#talk.say('There is no line to take back.')
      return
    }
    const at = this.#text.lastIndexOf('\n')
    this.#talk.say(`Taken back: ${this.#text.slice(at + 1)}`)
    this.#text = this.#text.slice(0, Math.max(0, at))
    this.#added--
    this.#keep()
  }

  #replace(): void {
    this.#replacing = this.#context.answer.text !== ''
    this.#talk.say(
      this.#replacing
        ? 'Write the answer anew. Until you save, the old one stays in your notes.'
        : 'Write the answer anew.',
    )
    this.#rewrite('')
  }

  async #edit(): Promise<void> {
    const { input, say, sitting } = this.#talk
    if (!input.terminal) return say('There is no terminal for an editor.')
    input.pause()
    const { text, remark } = await sitting.edit(this.#text, () => this.#closed())
    if (remark) return say(remark)
    if (text !== this.#text) this.#rewrite(text)
    say(`Back from the editor: ${wordCount(text)}. A single dot saves them and goes on.`)
  }

  async #closed(): Promise<boolean> {
    this.#talk.say('The editor came back at once. If it opened a window, write there, save, and then say:')
    return (
      (await this.#talk.choose([
        { name: 'I have saved and closed it', value: true },
        { name: 'leave the text as it was', value: false },
      ])) ?? true
    )
  }

  /** Opens the only link, or the one of that number. */
  async #open(number: string): Promise<string> {
    const links = linksFor(this.#context.guide, this.#context.question)
    const link = links.length < 2 ? links[0] : links[Number(number) - 1]
    if (link) await openInBrowser(link.url)
    if (link) return `${link.title}: ${link.url}`
    if (links.length === 0) return 'There is no link here.'
    return `${links.map(({ title, url }, i) => `${i + 1} ${title}: ${url}`).join('\n')}\n:open 1 opens the first.`
  }
}

/** The question that a number of the list or an id means; undefined, after saying why, if neither does. */
export function questionSaid(
  guide: Guide,
  word: string,
  say: (text: string) => void,
): QuestionId | undefined {
  const byNumber = /^\d+$/.test(word) ? guide.questions[Number(word) - 1] : undefined
  if (byNumber) return byNumber.id
  if (word === '' || /^\d+$/.test(word)) {
    say(`Say a number from 1 to ${guide.questions.length}, or the id of a question, as in :go 6.`)
    return undefined
  }
  try {
    return requireQuestion(guide, word.toLowerCase()).id
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    say(error.message)
    return undefined
  }
}
