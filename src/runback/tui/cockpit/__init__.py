"""The session's screen: a child process that draws what the engine says and hands back what the user asks for."""
