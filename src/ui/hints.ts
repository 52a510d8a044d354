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
