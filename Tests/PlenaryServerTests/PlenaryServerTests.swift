// PlenaryServer
