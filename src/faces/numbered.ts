import type { Line } from './line-input.ts'

/** Asks until one of the numbers is said; undefined when the input ends. A paste is never a choice. */
export async function chooseByNumber<T>(
  choices: readonly { name: string; value: T }[],
  nextLine: () => Promise<Line | undefined>,
  say: (text: string) => void,
  between = ' · ',
): Promise<T | undefined> {
  say(choices.map(({ name }, i) => `${i + 1} ${name}`).join(between))
  for (;;) {
    const line = await nextLine()
    if (!line) return undefined
    const chosen = choices[Number(line.text.trim()) - 1]
    if (chosen && !line.pasted) return chosen.value
    say(`Say a number from 1 to ${choices.length}.`)
  }
}
