/** Where the books are kept unless a command is told otherwise. */
export const defaultState = process.env.WEIR_STATE ?? './weir-state'
