"""A treadmill to be driven without one: belt physics behind an FTMS server.

It is the independent witness of the client: nothing here imports `runback.ftms` or `runback.machine`.
"""
