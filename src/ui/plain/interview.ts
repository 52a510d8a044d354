import { mergeVersions, normalizeAnswer, wordCount } from '../../domain/answers.ts'
import { sentenceOf } from '../../domain/errors.ts'
import type { Question } from '../../domain/guide.ts'
import {
  commentOn,
  draftOf,
  type EndChoice,
  type EndContext,
  type Move,
  type QuestionContext,
} from '../../domain/interview-protocol.ts'
import * as told from '../messages.ts'
import * as actions from '../question-actions.ts'
import type { ClosableUi, SessionServices } from '../session-port.ts'
import type { Choice } from '../terminal/select.ts'
import { plainWatch } from '../watch.ts'
import { type Line, type LineInput, openPrompter, type Prompter } from './line-reader.ts'

/*
 * The interview in lines of text alone: for screen readers, pipes and dumb terminals. Nothing printed is drawn again,
 * no state is told by a colour or a glyph.
 */

export function openPlainInterview(
  input: LineInput,
  write: (text: string) => void,
  session: SessionServices,
): Omit<ClosableUi, 'close'> {
  const prompter = openPrompter(input, write, session.leaving)
  const { say } = prompter
  const desk = deskWith(prompter, input, session)
  let explained = false
  let toRead: string | undefined
  return {
    inputEnded: prompter.ended,
    async show(block) {
      for (const line of told.plainIntro(block, session.notesPath)) say(line)
    },
    async ask(context) {
      if (toRead !== undefined) await desk.readNotes(toRead)
      say(['', ...told.questionText(context), ...(explained ? [] : [told.HOW_TO])].join('\n'))
      explained = true
      const { reply, notes, room } = await new PlainAnswer(context, desk).run()
      toRead = notes
      if (room !== undefined) session.capturing?.run(room)
      return reply
    },
    tell(result) {
      const words = told.resultText(result)
      if (words !== '') say(words)
    },
    async offerPutBack(labels) {
      const undone = told.undoneText(labels)
      if (input.terminal) return chooseIn(desk, undone, told.PUT_BACK)
      // What comes through a pipe answers the questions, and nothing else.
      say(undone)
      return undefined
    },
    choose: (message, choices) => chooseIn(desk, `\n${message}`, choices),
    end: ending => atTheEnd(ending, desk),
  }
}

/**
 * Whoever wrote what comes through a pipe may not know of this: there, what is no choice begins the answer. What a
 * person says besides begins it once they have chosen.
 */
async function chooseIn<T>(
  { input, session, say, nextLine, hold, ended, choose }: Desk,
  ask: string,
  choices: readonly Choice<T>[],
) {
  if (input.terminal) {
    const kept: Line[] = []
    const keep = (text: string) => {
      kept.push({ text, pasted: true })
      say(told.KEPT)
      return undefined
    }
    return choose(ask, choices, undefined, keep).finally(() => hold(kept))
  }
  say(ask)
  if (ended() || session.leaving.aborted) return undefined
  say(choices.map(({ name }, i) => `${i + 1} ${name}`).join(' · '))
  const line = await nextLine()
  const said = line?.text.trim().toLowerCase()
  const chosen = choices.find(({ name }, i) => said === name || said === String(i + 1))
  if (line && !chosen) hold([line])
  return chosen?.value
}

function atTheEnd(ending: EndContext, desk: Desk): Promise<EndChoice> {
  const { say, choose, nextLine, session, input, readNotes } = desk
  const { guide, answers } = ending
  const nextWords = async () => (await nextLine())?.text.trim() ?? ''
  const ui = {
    choose: <T>(message: string, choices: readonly Choice<T>[]) => choose(`\n${message}`, choices),
    say,
    async list() {
      say(told.listText(ending, guide.questions))
      say(`Which question? Type a number from 1 to ${guide.questions.length}.`)
      const to = actions.questionCalled(guide, await nextWords())
      if (typeof to !== 'string') return to.id
      say(to)
      return undefined
    },
    read: () => readNotes(''),
    async find() {
      say('What are you looking for?')
      say(actions.foundIn(guide, answers, await nextWords()))
    },
    opens: input.terminal,
  }
  return actions.endWith(ending, ui, session)
}

/** What an answer is written with. */
const deskWith = (prompter: Prompter, input: LineInput, session: SessionServices) => ({
  ...prompter,
  input,
  session,
  watch: plainWatch(prompter, session),
  async readNotes(part: string) {
    const selectors = part === '' ? [] : part.split(/\s+/)
    prompter.say(await session.notesToRead(selectors, 'aloud').catch(sentenceOf))
  },
})

type Desk = ReturnType<typeof deskWith>

const UNDO = ':undo removes the line.'

/** One question being answered: what was written before, and line by line what is written now. */
class PlainAnswer implements actions.QuestionUi {
  readonly #context: QuestionContext
  readonly #desk: Desk
  #text: string
  /** How many lines at the end of the text were written now. */
  #added = 0
  /** Whether the answer is being written again from the start. */
  #replacing = false
  /** Whether a question was answered by leaving. */
  #stopped = false
  /** Why the draft could not be kept, as it was last told. */
  #trouble: string | undefined

  constructor(context: QuestionContext, desk: Desk) {
    this.#context = context
    this.#desk = desk
    this.#text = context.draft?.text ?? context.answer.text
  }

  run(): Promise<actions.Left> {
    const telling = setInterval(() => this.#tellTrouble(), 1000)
    return this.#write().finally(() => clearInterval(telling))
  }

  async #write(): Promise<actions.Left> {
    for (;;) {
      const line = await this.#desk.nextLine(() => this.#keep())
      if (!line) return this.#breakOff()
      const { text, pasted, more } = line
      if (pasted) {
        this.#add(text)
        // A paste is text whatever it says; so is what came in one piece.
        const meant = more ? undefined : commandIn(text)
        if (meant) this.say(`("${meant}" was pasted, so it was added as text. ${UNDO})`)
        continue
      }
      const left = await this.#obey(text)
      if (left) return left
      if (this.#stopped || this.#desk.session.leaving.aborted) return this.#leave('leave')
    }
  }

  get #at(): actions.AtQuestion {
    return { context: this.#context, text: this.#text }
  }

  /** Does what a line asks for; a line of text is added. An unknown word is text. */
  #obey(said: string): actions.Outcome {
    if (said === '.') return actions.endOfAnswer(this.#at, this)
    if (!said.startsWith(':') || said.startsWith('::')) {
      this.#add(said === '..' ? '.' : said.replace(/^::/, ':'))
      const meant = commandIn(said)
      return meant
        ? this.say(
            `(The line starts with a space, so it was added as text. Did you mean "${meant}"? ${UNDO})`,
          )
        : undefined
    }
    const [word = '', ...rest] = said.slice(1).split(/\s+/)
    const argument = rest.join(' ')
    const action = actions.actionCalled(word, argument)
    if (action) return action.run(this.#at, this, argument)
    if (this.#desk.session.capturing?.isCommand(word)) return actions.roomCommand(this.#at, this, said)
    this.#add(said)
    if (actions.WORDS.includes(word))
      return this.say(`(":${word}" takes nothing after it, so this line was added as text. ${UNDO})`)
    const near = told.nearCommand(argument === '' ? word : '', actions.WORDS)
    return this.say(`(":${word}" isn't a command, so it was added as text. ${near} ${UNDO})`)
  }

  say(text: string): undefined {
    this.#desk.say(text)
  }

  read(text: string): undefined {
    this.say(text)
  }

  async choose<T>(ask: string, choices: readonly Choice<T>[], { hint = '' } = {}): Promise<T | undefined> {
    if (hint !== '') return this.say([...choices.map(({ name }, i) => `${i + 1} ${name}`), hint].join('\n'))
    const named = choices.map(choice => ({ name: choice.name, value: choice }))
    // Whoever says something else goes on writing, which is the last choice.
    const chosen = await this.#desk.choose(ask, named, undefined, text => {
      this.#desk.hold([{ text, pasted: true }])
      return named.at(-1)
    })
    this.#stopped = chosen === undefined
    return chosen?.value
  }

  add(lines: readonly string[], added: string): undefined {
    for (const line of lines) this.#add(line)
    this.say(added)
  }

  list(questions: readonly Question[]): undefined {
    this.say(told.listText(this.#context, questions))
  }

  async notes(part: string): Promise<undefined> {
    await this.#desk.readNotes(part)
  }

  find(): undefined {
    this.say('Type what to look for, such as :find survey data.')
  }

  help(): undefined {
    this.say(actions.HELP)
  }

  text(): undefined {
    this.say(this.#text === '' ? 'Nothing is written here yet.' : this.#text)
  }

  /** Jots that found no place come into the answer. Asked again, the question comes with the new jots. */
  async watch(): Promise<actions.Left> {
    for (const line of await this.#desk.watch(this.#context)) this.#add(line)
    return this.#leave({ to: this.#context.question.id })
  }

  #leave(action: Move): actions.Left {
    return { reply: { text: this.#text, action } }
  }

  /** The text with the line that is just being typed. */
  get #soFar(): string {
    const line = this.#desk.input.unfinished()
    return told.HALF_COMMAND.test(line) ? this.#text : this.#with(line)
  }

  #with(line: string): string {
    return this.#text === '' && this.#added === 0 ? line : `${this.#text}\n${line}`
  }

  #breakOff(): actions.Left {
    this.#text = this.#soFar
    // Nobody has said that what was started over replaces the old answer.
    if (this.#replacing) this.#text = mergeVersions(this.#context.answer.text, normalizeAnswer(this.#text))
    this.#keep()
    // A jot in mid-line is part of it.
    this.#desk.session.saveScratch('')
    return this.#leave('leave')
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
    this.#desk.session.saveDraft(draftOf(this.#context, this.#soFar))
  }

  #tellTrouble(): void {
    const trouble = this.#desk.session.draftTrouble()
    if (trouble && trouble !== this.#trouble) this.#desk.say(trouble)
    this.#trouble = trouble
  }

  undo(): undefined {
    if (this.#added === 0) return this.say('There is no line to remove.')
    const at = this.#text.lastIndexOf('\n')
    this.say(`Removed: ${this.#text.slice(at + 1)}`)
    this.#text = this.#text.slice(0, Math.max(0, at))
    this.#added--
    this.#keep()
  }

  replace(): undefined {
    this.#replacing = this.#context.answer.text !== ''
    this.say(
      `Write your new answer.${this.#replacing ? ' The old one stays in your notes until you save.' : ''}`,
    )
    this.#rewrite('')
  }

  async edit(): Promise<undefined> {
    const { input, session } = this.#desk
    if (!input.terminal) return this.say("An editor needs a terminal, and this isn't one.")
    this.#keep()
    input.pause()
    const { text, remark } = await session.edit(this.#text, commentOn(this.#context), () => this.#closed())
    if (!remark && text !== this.#text) this.#rewrite(text)
    return this.say(remark ?? `Back from the editor: ${wordCount(text)}. A single dot saves and goes on.`)
  }

  async #closed(): Promise<boolean> {
    return (await this.#desk.choose(told.EDITOR_CAME_BACK, told.EDITOR_CHOICES)) ?? true
  }
}

/** The dot or the command that a line consists of. */
function commandIn(said: string): string | undefined {
  const word = said.trim().toLowerCase()
  return word === '.' || actions.WORDS.some(name => word === `:${name}`) ? word : undefined
}
