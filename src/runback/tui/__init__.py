"""The screen: a child process that draws what the keeper says and hands back what the person asks for."""
