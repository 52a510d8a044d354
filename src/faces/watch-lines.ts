import type { Guide } from '../guide.ts'
import { elapsed, jotLine, jotsIn, type Stopwatch, toggled } from '../jots.ts'
import { onStopwatch } from '../time-of-day.ts'
import type { Sitting } from './sitting.ts'
import { jotCount } from './spoken.ts'
import type { Talk } from './talk.ts'

const HOW_TO =
  'Start the video now. Each line is a jot, kept with its time. A label before it, such as a2, puts it to that question. A line with a single dot ends. :help tells what else there is.'

const HELP = `A line with a single dot   ends watching; the stopwatch stops
:pause                     the stopwatch stands still, and goes on at the next :pause
:time                      what the stopwatch says
:set 4:20                  set the stopwatch to the time of the video
a2 and a space             the jot belongs to question 2 of Element A about the story
Two colons begin a jot with a colon.`

/** Watching with a stopwatch: every line is kept at once as a jot. The stopwatch goes on where it stood. */
export function watchInLines(
  talk: Talk,
  { clock, jot }: Pick<Sitting, 'clock' | 'jot'>,
): (about: { guide: Guide }) => Promise<void> {
  const { say } = talk
  let stopwatch: Stopwatch = { minutes: 0 }
  const time = () => onStopwatch(elapsed(stopwatch, clock()))

  const commands: Record<string, (argument: string) => void> = {
    pause() {
      stopwatch = toggled(stopwatch, clock())
      say(stopwatch.since === undefined ? `The stopwatch stands at ${time()}.` : `It goes on from ${time()}.`)
    },
    time: () => say(`${time()}${stopwatch.since === undefined ? ', and stands still' : ''}.`),
    set(argument) {
      const parts = /^(\d{1,3}):([0-5]\d)$/.exec(argument)
      if (!parts) return say('Say minutes and seconds, as in :set 4:20.')
      stopwatch = { ...stopwatch, minutes: Number(parts[1]) + Number(parts[2]) / 60 }
      if (stopwatch.since !== undefined) stopwatch.since = clock()
      say(`The stopwatch is set to ${time()}.`)
    },
    help: () => say(HELP),
  }

  return async ({ guide }) => {
    if (stopwatch.since === undefined) stopwatch = toggled(stopwatch, clock())
    say(`The stopwatch runs from ${time()}. ${HOW_TO}`)
    let kept = 0
    for (;;) {
      const line = await talk.nextLine()
      if (!line) break
      const said = line.text.trim()
      const [, name = '', argument = ''] = (!line.pasted && /^:([a-z]+)\s*(.*)$/.exec(said)) || []
      if ((said === '.' && !line.pasted) || name === 'done' || name === 'quit') break
      if (said === '') continue
      const command = Object.hasOwn(commands, name) ? commands[name] : undefined
      if (command) command(argument)
      else {
        const text = jotLine(guide, elapsed(stopwatch, clock()), said.replace(/^::/, ':'))
        await jot(text)
        kept++
        const [{ question } = {}] = jotsIn(guide, text)
        say(`Kept at ${time()}${question ? ` for ${question.id}` : ''}.`)
        if (name !== '')
          say(`(":${name}" is no command here, so it was kept as a jot. :help lists the commands.)`)
      }
    }
    if (stopwatch.since !== undefined) stopwatch = toggled(stopwatch, clock())
    say(`The stopwatch stands at ${time()}. ${jotCount(kept)} kept.`)
  }
}
