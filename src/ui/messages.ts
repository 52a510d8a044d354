import {
  type Answers,
  answerTo,
  counted,
  countInWords,
  stateOf,
  wordCount,
  words,
} from '../domain/answers.ts'
import { didYouMean } from '../domain/errors.ts'
import { capitalized, type Question, whereIs } from '../domain/guide.ts'
import type { IntroBlock, QuestionContext, SaveResult } from '../domain/interview-protocol.ts'
import { PREVIOUS_ACTIONS } from '../domain/plan.ts'

/* What both UIs say at a question and after a save, and the sentences of the plain one. */

type Block<Kind> = Extract<IntroBlock, { kind: Kind }>

/** What is said first: the title, what the guide is about or where the person is, and what else to know. */
export function welcomeText({ guide, fresh, reason, count, at, limited, remarks }: Block<'welcome'>) {
  const where = {
    draft: `You were working on question ${at?.position}.`,
    resumed: `Picking up at question ${at?.position}.`,
    done: 'Every question is done.',
  }
  const from = fresh && reason === 'resumed' ? 'From your file' : 'Welcome back'
  return {
    title: [guide.title, guide.subtitle].filter(Boolean).join(': '),
    about: reason === 'begun' ? guide.overview : [],
    how:
      reason === 'begun'
        ? `${count.total === 1 ? '1 question' : `${count.total} questions, one at a time`}. Start it again to pick up where you left off.`
        : `${from}: ${countInWords(count)}. ${where[reason]}`,
    remarks: [...(limited ? [LIMITED] : []), ...remarks],
  }
}

const LIMITED = 'This time, only part of the guide is asked. At the end you can go on with the rest.'

/** A block's title, unless the question that follows names it, and its paragraphs. `watch`: the keys that watch. */
export function introText(block: Exclude<IntroBlock, Block<'welcome' | 'notes'>>, watch: string) {
  const title = block.kind === 'element' || (block.kind === 'section' && !block.named) ? block.title : ''
  const hint = `Watching the video now? ${watch} starts a stopwatch and saves short notes (jots) for these questions.`
  return {
    title,
    paragraphs: [...block.paragraphs, ...(block.kind === 'section' && block.watch ? [hint] : [])],
  }
}

/** What is said after a save, by outcome: a sign for the screen, and words. An urgent one must not be missed. */
const AFTER_SAVE: Record<SaveResult['outcome'], { sign?: string; words: string; urgent?: true }> = {
  saved: { sign: '✓', words: 'saved' },
  'both kept': { sign: '!', words: 'changed elsewhere, so both versions are kept', urgent: true },
  'written again': { sign: '!', words: 'the notes file was gone, so it was written again', urgent: true },
  skipped: { sign: '–', words: 'skipped' },
  erased: { sign: '–', words: 'erased' },
  kept: { words: 'kept as it was' },
  stays: { sign: '✓', words: 'your answer stays' },
  'left open': { sign: '○', words: 'left open' },
  moved: { words: '' },
  'not saved': { words: '' },
}

/** The row of that table, with what else must be said: why nothing was saved. */
export function afterSave({ outcome, reason = '', drafted }: SaveResult) {
  const { sign, words, urgent = false } = AFTER_SAVE[outcome]
  const unsaved = drafted
    ? 'Not saved. Your words are still here, and kept as a draft.'
    : 'Not saved, and no draft could be kept: your words are only on this screen. Copy them before you close it.'
  return {
    sign,
    words,
    urgent: urgent ? sentence(capitalized(words)) : '',
    unsaved: outcome === 'not saved' ? unsaved : '',
    reason,
  }
}

/** Why a question is asked that is not the next one in order. */
export const jumpText = ({ question: { position }, jump }: QuestionContext) =>
  jump && `${jump === 'back' ? 'Back to' : 'On to'} question ${position}, the next one that is still open.`

/** What another program has done to answers that were saved here. */
export const undoneText = (labels: readonly string[]) =>
  `Another program has saved its older text over what you saved here: ${labels.join(', ')}.`
/** What is said where something else was asked. */
export const KEPT = 'Kept for now.'

export const PUT_BACK = [
  { name: 'put your words back', value: true },
  { name: 'leave the file as it is', value: false },
]

export const asksForActions = ({ kind, id }: Question) => kind === 'action' && id !== PREVIOUS_ACTIONS
export const ACTIONS_HINT = 'One action per line: what (who, by when)'

/** How terminals here take a paste. */
export function pasteKeys(platform: string = process.platform): string {
  if (platform === 'darwin') return 'Cmd+V'
  return platform === 'win32' ? 'Ctrl+V, Shift+Insert or a right click' : 'Ctrl+Shift+V or a right click'
}

export const EDITOR_CAME_BACK =
  'The editor came back at once. If it opened a window, write and save there, then choose:'
export const EDITOR_CHOICES = [
  { name: "I've saved and closed it", value: true },
  { name: 'Leave my text unchanged', value: false },
]

export const jotCount = (number: number) => counted(number, 'jot')
export const sentence = (text: string) => `${text}.`

/* The plain UI, sentence by sentence. */

/** A line that was broken off and may have become a command is nobody's words. */
export const HALF_COMMAND = /^(?:\.|:[a-z]*(?: [\w.:-]*)?)?$/

/** After an unknown command: the one that was probably meant, or where they are listed. */
export const nearCommand = (word: string, words: readonly string[]) =>
  didYouMean(word, words).replace('"', '":') || ':help lists the commands.'

export const HOW_TO =
  'Write as many lines as you like. A line with only a dot saves your answer and goes on. :help lists the commands.'

const STATES = { answered: 'Answered', skipped: 'Skipped', open: 'Not answered yet' } as const

/** `5 Element A: Equity, your PL system, question 1 of 3. Answered: Our teams …`, a line for each question. */
export function listText(
  { guide, answers, question: here }: Pick<QuestionContext, 'guide' | 'answers'> & { question?: Question },
  questions: readonly Question[],
): string {
  return questions
    .map(question => {
      const { parts } = whereIs(guide, question)
      const state = STATES[stateOf(answers, question.id)]
      const { text } = answerTo(answers, question.id)
      const begins = text === '' ? '.' : `: ${excerpt(text)}`
      return `${question.position} ${parts.join(', ')}. ${state}${begins}${question === here ? ' You are here.' : ''}`
    })
    .join('\n')
}

export function plainIntro(block: IntroBlock, notesPath: string): string[] {
  if (block.kind === 'notes') return ['', sizeText(block.answers)]
  if (block.kind === 'welcome') {
    const { title, about, how, remarks } = welcomeText(block)
    return [sentence(title), ...about, how, `Saved as you go in ${notesPath}.`, ...remarks]
  }
  const { title, paragraphs } = introText(block, ':watch')
  // The question that follows says itself which element it is in.
  if (block.kind === 'element' && paragraphs.length === 0) return []
  // The signs around an address mean nothing to somebody who listens.
  const bare = paragraphs.map(paragraph => paragraph.replace(/<(https?:[^<>\s]+)>/g, '$1'))
  return ['', ...(title === '' ? [] : [sentence(title)]), ...bare]
}

function sizeText(answers: Answers): string {
  const texts = [...answers.values()].map(({ text }) => text).filter(text => text !== '')
  if (texts.length === 0) return 'You have no notes yet.'
  return `Your notes so far: ${counted(texts.length, 'answer')}, ${counted(words(texts.join('\n')), 'word')}. :notes reads them.`
}

export function questionText(context: QuestionContext): string[] {
  const { guide, question, answer, answers, story, draft, jots } = context
  const { parts, count } = whereIs(guide, question)
  const state = STATES[stateOf(answers, question.id)]
  const own = jots.filter(jot => jot.question === question)
  const unsorted = jots.length - own.length
  const lines = [
    jumpText(context),
    question.id !== PREVIOUS_ACTIONS && `Question ${count}. ${parts.join(', ')}. ${state}.`,
    question.text,
    story?.text &&
      `Your answer about the story begins: ${firstLine(story.text)}${story.text.includes('\n') ? ' (:story reads it all)' : ''}`,
    asksForActions(question) && ACTIONS_HINT,
    ...own.map(({ text }) => `Your jot: ${text}`),
    unsorted > 0 && `${jotCount(unsorted)} without a label.`,
    jots.length > 0 && ':jots reads them and adds them to your answer.',
  ]
  const written = draft?.text ?? answer.text
  if (draft || written !== '')
    lines.push(
      `${draft ? 'Written so far' : 'Your answer'}, ${wordCount(written)}, begins: ${firstLine(written)}`,
      `New lines are added below. :text reads it all, :replace starts over${draft ? '' : ', a single dot keeps it'}.`,
    )
  return lines.filter(line => typeof line === 'string' && line !== '') as string[]
}

const firstLine = (text: string) =>
  text
    .split('\n')
    .find(line => line.trim() !== '')
    ?.trim() ?? ''

const EXCERPT = 60

/** The first words of an answer. */
function excerpt(text: string): string {
  const line = firstLine(text)
  return line.length > EXCERPT ? `${line.slice(0, line.lastIndexOf(' ', EXCERPT)).trimEnd()} …` : line
}

export function resultText(result: SaveResult): string {
  const { words, unsaved, reason } = afterSave(result)
  if (unsaved) return `${unsaved} ${reason} A single dot tries to save again.`
  const { answered, total } = result.count
  return words === '' ? '' : `${sentence(capitalized(words))} ${answered} of ${total} answered.`
}
