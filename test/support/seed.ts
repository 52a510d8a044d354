import fc from 'fast-check'

/**
 * One run of the suite looks at the same texts as the next, so that what fails is the change. Faults looks at new ones,
 * and at more of them.
 */
fc.configureGlobal({ seed: 20_261_129, numRuns: 40 })
