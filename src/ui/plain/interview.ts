import { countInWords } from '../../domain/answers.ts'
import { sentenceOf } from '../../domain/errors.ts'
import type { Ending, Face, Onward } from '../../domain/face.ts'
import { HOW_TO, sentence, spokenNews, spokenPassage, spokenQuestion } from '../messages.ts'
import type { Sitting } from '../session-port.ts'
import { watchInLines } from '../watch-lines.ts'
import type { LineInput } from './line-input.ts'
import { LinesWriting, questionSaid } from './lines-writing.ts'
import { openTalk, type Talk } from './prompter.ts'

/*
 * The walk in lines of text alone: for screen readers, pipes and dumb terminals. Nothing printed is drawn again,
 * no state is told by a colour or a glyph.
 */

export interface LinesFace extends Face {
  /** Whether the input ended, so that nobody chose to leave. */
  inputEnded(): boolean
}

export function linesFace(input: LineInput, write: (text: string) => void, sitting: Sitting): LinesFace {
  const talk = openTalk(input, write, sitting.leaving)
  const { say } = talk
  const watch = watchInLines(talk, sitting)
  let explained = false
  let afterwards: (() => Promise<void>) | undefined
  return {
    inputEnded: talk.ended,
    async show(passage) {
      for (const line of spokenPassage(passage, sitting.notesPath)) say(line)
    },
    async ask(context) {
      await afterwards?.()
      afterwards = undefined
      say('')
      for (const line of spokenQuestion(context)) say(line)
      if (!explained) say(HOW_TO)
      explained = true
      const later = (act: () => Promise<void>) => {
        afterwards = act
      }
      return new LinesWriting(context, { ...talk, input, sitting, watch, afterwards: later }).run()
    },
    tell(news) {
      const told = spokenNews(news)
      if (told !== '') say(told)
    },
    end: ending => atTheEnd(ending, talk, sitting),
  }
}

/** What next, until somebody goes on or leaves. */
async function atTheEnd(
  { guide, count, elsewhere }: Ending,
  { say, choose, nextLine, ended }: Talk,
  sitting: Sitting,
): Promise<Onward> {
  for (;;) {
    say(`\n${sentence(`That is the end: ${countInWords(count)}`)}`)
    if (ended() || sitting.leaving.aborted) return 'leave'
    const choice = await choose<Onward | 'read' | 'go' | 'docx' | 'html'>([
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
