import { type Answers, counted, countInWords, stateOf, wordCount, words } from '../domain/answers.ts'
import { didYouMean } from '../domain/errors.ts'
import { whereIs } from '../domain/guide.ts'
import type { IntroBlock, QuestionContext, SaveResult } from '../domain/interview.ts'

/* What the lines face says, sentence by sentence. */

export const HOW_TO =
  'Write as many lines as you like. A line with a single dot saves them and goes on. :help tells what else there is.'

const WATCH =
  'Watching the video now? :watch runs a stopwatch and keeps short notes (jots) for these questions.'

export const HELP = `A line with a single dot   saves what you wrote and goes on; with nothing written, leaves the question open
:back                      to the question before
:later                     leave it open for now and go on
:skip                      do not ask this again
:list                      all questions, by number
:go 6                      to question 6 (or :go and an id)
:watch                     a stopwatch and short notes (jots) while you watch the video
:jots                      your jots for this question (:jots 1 or :jots all takes them into the answer)
:story                     your whole answer about the story
:notes                     read your notes (or :notes and a part, such as :notes a)
:text                      read what is written here so far
:undo                      take back the last line you wrote
:replace                   write the answer anew
:edit                      go on in an editor
:open                      open the link of this section (:open 2 the second, where there are several)
:help                      this list
:quit                      leave; everything is saved
A line of two dots stands for a line of one dot. Two colons begin a line with a colon.`

/** The words that are commands at a question. */
const COMMANDS = [...HELP.matchAll(/^:([a-z]+)/gm)].map(([, name = '']) => name)
const UNDO = ':undo takes the line back.'

/** `5 Element A: Equity, your PL system, question 1 of 3. Not answered yet (a.comparison.1).`, a line for each question. */
export function listOf({ guide, answers, question: here }: QuestionContext): string {
  return guide.questions
    .map(question => {
      const { parts } = whereIs(guide, question)
      const state = STATES[stateOf(answers, question.id)]
      return `${question.position} ${parts.join(', ')}. ${state} (${question.id}).${question === here ? ' You are here.' : ''}`
    })
    .join('\n')
}

/** A word with a colon that is taken as text, and what may have been meant. */
export function noCommand(name: string, argument: string): string {
  if (COMMANDS.includes(name))
    return `(":${name}" takes no more words, so the line was taken as text. ${UNDO})`
  const near = didYouMean(name, COMMANDS).replace('"', '":')
  return `(":${name}" is no command here, so it was taken as text. ${argument === '' && near ? near : ':help lists the commands,'} ${UNDO})`
}

/** What looks like a command behind spaces is text. Empty where nothing need be said. */
export function indentedCommand(said: string): string {
  const meant = commandIn(said)
  return meant ? `(It begins with a space, so it was taken as text. Did you mean "${meant}"? ${UNDO})` : ''
}

/** A paste is text whatever it says; so is what came in one piece. Empty where nothing need be said. */
export function pastedCommand(said: string): string {
  const meant = commandIn(said)
  return meant
    ? `("${meant}" came in one piece, as a paste does, so it was taken as text. Did you mean it? Type it by hand. ${UNDO})`
    : ''
}

/** The dot or the command that a line consists of. */
function commandIn(said: string): string | undefined {
  const word = said.trim().toLowerCase()
  return word === '.' || COMMANDS.some(name => word === `:${name}`) ? word : undefined
}

export function introText(passage: IntroBlock, notesPath: string): string[] {
  if (passage.kind === 'welcome') return spokenWelcome(passage, notesPath)
  if (passage.kind === 'notes') return ['', spokenSize(passage.answers)]
  const paragraphs = passage.paragraphs.map(addressesBare)
  // The question that follows says itself which element it stands in.
  if (passage.kind === 'element' && paragraphs.length === 0) return []
  if (passage.kind === 'lead-in') return ['', ...paragraphs]
  return [
    '',
    ...(passage.kind === 'section' && passage.named ? [] : [sentence(passage.title)]),
    ...paragraphs,
    ...(passage.kind === 'section' && passage.watch ? [WATCH] : []),
  ]
}

/** The signs around an address say nothing to somebody who listens. */
const addressesBare = (paragraph: string) => paragraph.replace(/<(https?:[^<>\s]+)>/g, '$1')

function spokenWelcome(
  { guide, fresh, reason, count, at, limited, remarks }: Extract<IntroBlock, { kind: 'welcome' }>,
  notesPath: string,
): string[] {
  const title = sentence([guide.title, guide.subtitle].filter(Boolean).join('. '))
  const saved = `Saved as you go in ${notesPath}.`
  const here = [saved, ...(limited ? [LIMITED] : []), ...remarks]
  if (reason === 'begun') return [title, ...guide.overview, onceAndAgain(count.total), ...here]
  const again = {
    draft: 'You were in the middle of an answer; it is here again.',
    done: 'Every question is done.',
    resumed: fresh ? 'The answers were taken from your file.' : 'Going on where you were.',
  }[reason]
  return [
    title,
    `${sentence(countInWords(count))} ${again}${at ? ` This is question ${at.position}.` : ''}`,
    ...here,
  ]
}

function spokenSize(answers: Answers): string {
  const texts = [...answers.values()].map(({ text }) => text).filter(text => text !== '')
  if (texts.length === 0) return 'You have no notes yet.'
  return `Your notes so far: ${texts.length === 1 ? '1 answer' : `${texts.length} answers`}, ${texts.reduce((sum, text) => sum + words(text), 0)} words. :notes reads them.`
}

const STATES = { answered: 'Answered', skipped: 'Skipped', open: 'Not answered yet' } as const

export function questionText(context: QuestionContext): string[] {
  const { guide, question, answer, answers, story, draft } = context
  const { parts, count } = whereIs(guide, question)
  const state = STATES[stateOf(answers, question.id)]
  const lines = [`Question ${count}. ${parts.join(', ')}. ${state}.`, question.text]
  if (story && story.text !== '')
    lines.push(
      `Your answer about the story begins: ${firstLine(story.text)}${story.text.includes('\n') ? ' (:story reads it all)' : ''}`,
    )
  if (question.kind === 'action') lines.push(ACTIONS_HINT)
  lines.push(...spokenJots(context))
  if (draft)
    lines.push(
      `Written so far, ${wordCount(draft.text)}: ${firstLine(draft.text)}`,
      'Lines you add come below. :text reads it all, :replace writes anew.',
    )
  else if (answer.text !== '')
    lines.push(
      `Your answer, ${wordCount(answer.text)}, begins: ${firstLine(answer.text)}`,
      'Lines you add come below. :text reads it all, :replace writes anew, a single dot keeps it.',
    )
  return lines
}

function spokenJots({ question, jots }: QuestionContext): string[] {
  const own = jots.filter(jot => jot.question === question)
  const unsorted = jots.length - own.length
  return [
    ...own.map(({ text }) => `Your jot: ${text}`),
    ...(unsorted > 0 ? [`${jotCount(unsorted)} without a label.`] : []),
    ...(jots.length > 0 ? [':jots reads them, and takes them into the answer.'] : []),
  ]
}

export const jotCount = (number: number) => counted(number, 'jot')

const firstLine = (text: string) =>
  text
    .split('\n')
    .find(line => line.trim() !== '')
    ?.trim() ?? ''
export const sentence = (text: string) => `${text}.`

export function resultText({ outcome: what, count, reason, drafted, putBack }: SaveResult): string {
  const done = `${count.answered} of ${count.total} answered.`
  const told: Record<SaveResult['outcome'], string> = {
    saved: `Saved. ${done}`,
    'both kept': `Saved. This answer had been changed elsewhere meanwhile, so both versions are in your notes, one above the other. ${done}`,
    'written anew': `Saved. The notes file was gone, so it was written again with everything known here. ${done}`,
    skipped: `Skipped. ${done}`,
    erased: `Erased. ${done}`,
    kept: `Kept as it was. ${done}`,
    'left open': `Left open. ${done}`,
    moved: '',
    first: 'This is the first question.',
    'not saved': `Not saved. ${reason} What you wrote is still here${drafted ? '' : ', and nowhere else'}: a single dot tries again.`,
  }
  return putBack ? `${told[what]}\n${putBackIn(putBack)}.` : told[what]
}

/* Sentences that every face says alike. */

/** What somebody who is here for the first time can expect. */
export const onceAndAgain = (total: number) =>
  `${total === 1 ? '1 question' : `${total} questions, one at a time`}. Start it again, and it goes on where you stopped.`

export const LIMITED = 'Only a part of the guide is asked this time. At the end you can go on with the rest.'

/** How terminals here take a paste. */
export function pasteKeys(platform: string = process.platform): string {
  if (platform === 'darwin') return 'Cmd+V'
  return platform === 'win32' ? 'Ctrl+V, Shift+Insert or a right click' : 'Ctrl+Shift+V or a right click'
}

/** How an action has to be written so that exports can gather it. */
export const ACTIONS_HINT = 'One per line: - [ ] what (who, by when)'

/** An editor beside the program has saved its old text. */
export const putBackIn = (ids: readonly string[]) =>
  `Put back, because the file had lost it meanwhile: ${ids.join(', ')}`
