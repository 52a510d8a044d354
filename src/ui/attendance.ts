/* Who is there, and how it suits them to be spoken to. */

const isSet = (value: string | undefined) => value !== undefined && value !== '' && value !== '0'

/** Whether a person can be asked at all. */
export const someoneThere = () => process.stdin.isTTY && process.stdout.isTTY

/** Whether what is printed should never be drawn again. */
export const spoken = (accessible: boolean) =>
  accessible || isSet(process.env.ACCESSIBLE) || process.env.TERM === 'dumb'
