/* Sentences that every face says alike. */

export const LIMITED =
  'Only a part of the guide is asked, as your notes or --only say. At the end you can go on with the rest.'

/** How an action has to be written so that exports can gather it. */
export const ACTIONS_HINT = 'One per line: - [ ] what (who, by when)'
