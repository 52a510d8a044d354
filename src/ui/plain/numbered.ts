import type { Line } from './line-input.ts'

/**
 * Asks until one of the numbers is said; undefined when the input ends, or at `:quit`. A paste is never a choice.
 * `other` takes what is neither a number nor a command, if that is anybody's words.
 */
export async function chooseByNumber<T>(
  choices: readonly { name: string; value: T }[],
  nextLine: () => Promise<Line | undefined>,
  say: (text: string) => void,
  {
    between = ' · ',
    other,
  }: { between?: string | undefined; other?: ((line: string) => void) | undefined } = {},
): Promise<T | undefined> {
  const list = choices.map(({ name }, i) => `${i + 1} ${name}`).join(between)
  const hint = `Say a number from 1 to ${choices.length}.`
  say(list)
  for (;;) {
    const line = await nextLine()
    const said = line?.pasted ? '' : line?.text.trim().toLowerCase()
    if (line === undefined || said === undefined || said === ':quit') return undefined
    const chosen =
      choices[Number(said.replace(/[.)]$/, '')) - 1] ?? choices.find(({ name }) => isCalled(name, said))
    if (chosen) return chosen.value
    if (other && line.text.trim() !== '' && !/^[:.]/.test(said) && !/^\d+$/.test(said)) other(line.text)
    if (said === ':help') say(list)
    say(
      said.startsWith(':') || said === '.'
        ? `${hint} :quit leaves this, :help tells the choices again.`
        : hint,
    )
  }
}

/** A choice by its whole name, or by what stands in front of its colon. */
const isCalled = (name: string, said: string) =>
  said !== '' && [name, name.split(':')[0]].some(each => each?.toLowerCase() === said)
