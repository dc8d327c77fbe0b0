-- Every request asks for the address that wrk was given.
dofile('/wrk/figures.lua')
