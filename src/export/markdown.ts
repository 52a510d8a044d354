import { type Answers, answerTo, stateOf } from '../answers.ts'
import { guideLines, isHowTo, sourceLine } from '../form.ts'
import { type Guide, partOf, type Question } from '../guide.ts'
import { type Notes, withoutMarks } from '../notes.ts'

/** The notes as a document: the file itself without front matter, marks and our own comment. */
export function notesDocument(notes: Notes): string {
  const lines = withoutMarks(notes, said)
  return tidy(lines.filter(line => !isHowTo(line)))
}

/** The guide as a document, without answers. */
export function guideDocument(guide: Guide): string {
  return tidy([`# ${guide.title}`, '', ...guideLines(guide, () => [])])
}

/** Some questions with what was said to them, under the parts of the guide they belong to. */
export function partDocument(guide: Guide, answers: Answers, questions: readonly Question[]): string {
  let part = ''
  const lines: string[] = []
  for (const question of questions) {
    const here = partOf(guide, question).join(' › ')
    if (here !== part) lines.push(`## ${here}`, '')
    part = here
    lines.push(`**${question.of > 1 ? `${question.number}. ` : ''}${question.text}**`, '')
    lines.push(...said(answerTo(answers, question.id).text, stateOf(answers, question.id)), '')
  }
  return tidy([...lines, sourceLine(guide)])
}

function said(text: string, state: string): string[] {
  return state === 'answered'
    ? text.split('\n')
    : [`*${state === 'skipped' ? 'Skipped.' : 'Not answered yet.'}*`]
}

function tidy(lines: string[]): string {
  return `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`
}
