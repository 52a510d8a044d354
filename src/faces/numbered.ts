import type { Line } from './line-input.ts'

/**
 * Asks until one of the numbers is said; undefined when the input ends, or at `:quit`. A paste is never a choice.
 */
export async function chooseByNumber<T>(
  choices: readonly { name: string; value: T }[],
  nextLine: () => Promise<Line | undefined>,
  say: (text: string) => void,
  between = ' · ',
): Promise<T | undefined> {
  const list = choices.map(({ name }, i) => `${i + 1} ${name}`).join(between)
  const hint = `Say a number from 1 to ${choices.length}.`
  say(list)
  for (;;) {
    const line = await nextLine()
    const said = line?.pasted ? '' : line?.text.trim().toLowerCase()
    if (said === undefined || said === ':quit') return undefined
    const chosen = choices[Number(said) - 1]
    if (chosen) return chosen.value
    if (said === ':help') say(list)
    say(
      said.startsWith(':') || said === '.'
        ? `${hint} :quit leaves this, :help tells the choices again.`
        : hint,
    )
  }
}
